"""build.py: documents to C, and many emitted programs to one executable: each becomes a function of its own that the
first argument selects; the second one is its fuel. Knows nothing of what the programs do."""
import os
import re
import shutil
import subprocess

SANITIZE = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all']
DRIVER = '''
#include <stdlib.h>
#undef main
int main(int argc, char **argv)
{
    static int (*const programs[])(void) = {%s};

    if (argc < 3)
        return 96;
    fuzz_fuel = strtoll(argv[2], NULL, 10);
    return programs[atoi(argv[1])]();
}
'''


class Tools:
    def __init__(self, emit, include, runtime, sanitized_runtime):
        self.emit, self.include, self.runtime, self.sanitized_runtime = emit, include, runtime, sanitized_runtime

    def configurations(self):
        """name: (command, runtime)"""
        found = {'gcc -O0 sanitized': (['gcc', '-O0', '-g1', *SANITIZE], self.sanitized_runtime),
                 'gcc -O2': (['gcc', '-O2'], self.runtime), 'clang -O0': (['clang', '-O0'], self.runtime),
                 'clang -O2': (['clang', '-O2'], self.runtime)}
        return {name: row for name, row in found.items() if shutil.which(row[0][0])}

    def emit_c(self, paths):
        """The C of each document, None where it was refused (see PATH.error). Raises when the compiler fails."""
        subprocess.run([self.emit, *paths], check=True, timeout=120, capture_output=True, text=True)
        return [read(path + '.c') for path in paths]

    def build(self, command, runtime, source, target):
        """Why it did not compile, or None."""
        done = subprocess.run([*command, '-std=c11', '-w', '-I', self.include, source, runtime, '-lm', '-o', target],
                              capture_output=True, text=True)
        return done.stderr if done.returncode else None


def read(path):
    if not os.path.exists(path):
        return None
    with open(path, encoding='utf-8') as file:
        return file.read()


def join(sources):
    """One translation unit of several programs."""
    parts = ['#include "x07rt.h"\nstatic int64_t fuzz_fuel;\n']
    for number, source in enumerate(sources):
        names = set(re.findall(r'^static [^=;(]*?\b(\w+)\(x07_rt \*rt', source, re.M)) | {'main'}
        names |= set(re.findall(r'\bxf\d+_\w+', source))  # functions of other libraries
        names |= set(re.findall(r'^struct (\w+)$', source, re.M))
        source, found = re.subn(r'static const x07_program program = (.*?)\.fuel = INT64_C\(\d+\)',
                                r'const x07_program program = \1.fuel = fuzz_fuel', source, flags=re.S)
        names.discard('solve')  # also the name of a member
        source = source.replace(' solve(x07_rt', ' p%d_solve(x07_rt' % number)
        source = source.replace('.solve = solve', '.solve = p%d_solve' % number)
        if found != 1:
            raise ValueError('the emitted main has changed: build.join must follow')
        parts += ['#undef %s\n#define %s p%d_%s\n' % (name, name, number, name) for name in sorted(names)]
        parts.append(source + '\n')
        parts += ['#undef %s\n' % name for name in sorted(names)]
    parts.append(DRIVER % ', '.join('p%d_main' % number for number in range(len(sources))))
    return ''.join(parts)
