#!/usr/bin/env python3
"""check.py: generates programs and checks what must hold for every one of them, whatever it computes:

  it compiles (some are refused by the move and borrow checker), twice to the same C; the program shows no sanitizer
  finding and the same output, trap, fuel and memory figures at -O0 and -O2, with gcc and clang; nothing is live at a
  normal end; it succeeds with exactly the fuel that it used and traps with less; and it answers the same when no
  literal is known to the simplifier.

    tests/fuzz/programs/check.py --build BUILD [--seed FIRST] [--count N | --seconds T] [--keep FOLDER]

BUILD is a build tree with tests; --emit, --runtime and the like name its parts one by one. A failing program stays in
the folder, made smaller, with its seed."""
import argparse
import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

import generate
from answer import run
from build import Tools, join, read
from minimise import minimise

FUEL = 1000000
REFERENCE = 'gcc -O2'
VARIANTS = 'variants'  # the executable of the variants, built as the reference is
SANITIZER = re.compile(r'AddressSanitizer|runtime error:|LeakSanitizer')


def without_literals(document):
    """The same program with every integer behind a call, which the simplifier cannot see through."""
    def rewrite(tree):
        if isinstance(tree, list):
            return [rewrite(item) for item in tree]
        return ['main.literal', tree] if isinstance(tree, int) else tree
    decls = [{**decl, 'body': rewrite(decl['body'])} for decl in document['decls']]
    literal = {'kind': 'defn', 'name': 'main.literal', 'params': [{'name': 'n', 'ty': 'i32'}], 'result': 'i32',
               'body': ['begin', ['set', 'n', 'n'], 'n']}
    return {**document, 'decls': decls + [literal], 'solve': rewrite(document['solve'])}


def input_of(seed):
    source = random.Random(-1 - seed)
    return bytes(source.randrange(256) for _ in range(source.choice([0, 1, 5, 16, 40])))


class Batch:
    """Some documents, by seed, compiled together. findings: (seed, kind, text) for what does not hold."""

    def __init__(self, tools, documents, folder, pool):
        self.tools, self.documents, self.folder, self.pool = tools, documents, folder, pool
        self.findings, self.refused, self.trapped, self.starved = [], {}, 0, 0

    def find(self, seed, kind, text=''):
        self.findings.append((seed, kind, text))

    def write(self, name, documents):
        paths = []
        for seed, document in documents.items():
            paths.append(os.path.join(self.folder, '%s%d.x07.json' % (name, seed)))
            with open(paths[-1], 'w', encoding='utf-8') as out:
                json.dump(document, out)
        try:
            return paths, self.tools.emit_c(paths)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            if len(documents) == 1:
                self.find(next(iter(documents)), 'the compiler crashed', str(error) + str(error.stderr)[-2000:])
            return paths, None

    def compile(self):
        """{seed: C} of what compiles, and of the variants without literals."""
        paths, first = self.write('', self.documents)
        _, second = self.write('again', self.documents)
        if first is None or second is None:
            if len(self.documents) == 1:
                return {}, {}
            raise ChildProcessError
        sources = {}
        for (seed, document), path, source, again in zip(self.documents.items(), paths, first, second):
            if source is None:
                self.refused[seed] = read(path + '.error') or ''
            else:
                sources[seed] = source
            if source != again:
                self.find(seed, 'the C differs from one compilation to the next')
        paths, variants = self.write('variant', {seed: without_literals(self.documents[seed]) for seed in sources})
        plain = {}
        for seed, path, source in zip(sources, paths, variants or []):
            if source is None:
                self.find(seed, 'refused without literals', read(path + '.error') or '')
            else:
                plain[seed] = source
        return sources, plain

    def build(self, name, sources, configurations):
        """Where each configuration's executable of these sources is, and why one could not be made, or None."""
        path = os.path.join(self.folder, name + '.c')
        with open(path, 'w', encoding='utf-8') as out:
            out.write(join(sources))
        targets = {row: os.path.join(self.folder, '%s%d' % (name, i)) for i, row in enumerate(configurations)}
        errors = list(self.pool.map(lambda row: self.tools.build(*configurations[row], path, targets[row]),
                                    configurations))
        return targets, next((error for error in errors if error), None)

    def check(self):
        sources, variants = self.compile()
        if not sources:
            return
        rows = self.tools.configurations()
        targets, error = self.build('programs', list(sources.values()), rows)
        if variants and not error:
            targets[VARIANTS], error = self.build_variants(list(variants.values()), rows)
        if error and len(sources) == 1:
            self.find(next(iter(sources)), 'the C does not compile', error)
        if error:
            if len(sources) > 1:
                raise ChildProcessError
            return
        numbers = {seed: (i, list(variants).index(seed) if seed in variants else None)
                   for i, seed in enumerate(sources)}
        list(self.pool.map(lambda seed: self.check_runs(seed, targets, *numbers[seed]), sources))

    def build_variants(self, sources, rows):
        """What a compiler makes of programs is seen in the programs; the variants ask about the simplifier."""
        targets, error = self.build('variants', sources, {REFERENCE: rows[REFERENCE]})
        return targets[REFERENCE], error

    def check_runs(self, seed, targets, number, variant):
        data = input_of(seed)
        answers = {name: run(target, number, FUEL, data) for name, target in targets.items() if name != VARIANTS}
        reference = answers[REFERENCE]
        for name, answer in answers.items():
            if answer is None:
                self.find(seed, 'no answer in time', name)
            elif SANITIZER.search(answer.errors) or answer.status == 97:
                self.find(seed, 'sanitizer', answer.errors[-3000:])
            elif reference and answer.whole() != reference.whole():
                self.find(seed, 'the answers differ', '%s: %s\n%s: %s' % (REFERENCE, reference.show(), name,
                                                                         answer.show()))
        if reference is None:
            return
        if reference.stats:
            self.check_end(seed, targets, number, data, reference)
        else:
            self.trapped += 1
            self.starved += reference.out_of_fuel()
            if reference.status != -4 or not reference.errors.strip():
                self.find(seed, 'a strange end', reference.show())
        if variant is not None:
            self.check_variant(seed, run(targets[VARIANTS], variant, 10 * FUEL, data), reference)

    def check_end(self, seed, targets, number, data, answer):
        memory, used = answer.stats['mem_stats'], answer.stats['fuel_used']
        if memory['live_bytes'] or memory['live_allocs']:
            self.find(seed, 'something is live at the end', json.dumps(memory))
        exact = run(targets[REFERENCE], number, used, data)
        if exact is None or exact.whole() != answer.whole():
            self.find(seed, 'another answer with just enough fuel', exact.show() if exact else '')
        sanitized = targets.get('gcc -O0 sanitized', targets[REFERENCE])
        for target, fuel in ((targets[REFERENCE], used - 1), (sanitized, used // 2)):
            short = run(target, number, fuel, data)
            if short is None or not short.out_of_fuel():
                self.find(seed, 'no trap without enough fuel', '%d of %d: %s' % (fuel, used,
                                                                                 short.show() if short else ''))

    def check_variant(self, seed, answer, reference):
        if answer and (answer.out_of_fuel() or reference.out_of_fuel()):
            return
        if answer is None or answer.meaning() != reference.meaning():
            self.find(seed, 'another answer without literals', '%s\nwithout: %s' % (
                reference.show(), answer.show() if answer else 'none'))


class Checker:
    def __init__(self, tools, pool, keep):
        self.tools, self.pool, self.keep = tools, pool, keep
        self.count = self.refusals = self.trapped = self.starved = 0
        self.failed = []

    def examine(self, documents):
        """The findings for these documents; what breaks a batch is looked for in its halves."""
        with tempfile.TemporaryDirectory(prefix='x07-programs-') as folder:
            batch = Batch(self.tools, documents, folder, self.pool)
            try:
                batch.check()
                return batch
            except ChildProcessError:
                pass
        items = list(documents.items())
        half = len(items) // 2
        first, second = self.examine(dict(items[:half])), self.examine(dict(items[half:]))
        first.findings += second.findings
        first.refused.update(second.refused)
        first.trapped += second.trapped
        first.starved += second.starved
        return first

    def run_seeds(self, seeds):
        documents = {seed: generate.generate(seed) for seed in seeds}
        batch = self.examine(documents)
        self.count += len(documents)
        self.refusals += len(batch.refused)
        self.trapped += batch.trapped
        self.starved += batch.starved
        for seed, message in batch.refused.items():
            if not re.search(r'move|borrow|typecheck failed', message):
                print('seed %d refused: %s' % (seed, message), flush=True)
        for seed in dict.fromkeys(seed for seed, _, _ in batch.findings):
            findings = [(kind, text) for found, kind, text in batch.findings if found == seed]
            self.report(seed, documents[seed], findings)

    def report(self, seed, document, findings):
        self.failed.append(seed)
        kind = findings[0][0]
        path = os.path.join(self.keep, 'seed%d.x07.json' % seed)
        save(path, document)
        print('FAIL seed %d: %s' % (seed, path))
        for name, text in findings:
            print('    %s: %s' % (name, text[:1500].replace('\n', '\n    ')))
        print('    alone: %s --build BUILD --seed %d --count 1' % (sys.argv[0], seed), flush=True)
        if len(self.failed) > 8:
            return
        small = minimise(document, lambda candidate: kind in
                         {found for _, found, _ in self.examine({seed: candidate}).findings})
        save(path, small)
        print('    smaller: %s' % json.dumps(small)[:3000], flush=True)

    def summary(self):
        print('%d programs: %d refused, %d trap (%d for fuel), %d failed%s' % (
            self.count, self.refusals, self.trapped, self.starved, len(self.failed),
            ': ' + ' '.join(map(str, self.failed)) if self.failed else ''))
        if self.refusals * 5 > self.count:
            print('more than a fifth is refused: the generator no longer follows the language')
            return 1
        return 1 if self.failed else 0


def save(path, document):
    with open(path, 'w', encoding='utf-8') as out:
        json.dump(document, out)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', help='build tree')
    parser.add_argument('--emit', help='emit_c')
    parser.add_argument('--include', help="folder of the runtime's headers")
    parser.add_argument('--runtime', help='libx07rt.a')
    parser.add_argument('--sanitized-runtime', help='the same with sanitizers')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--count', type=int, default=100)
    parser.add_argument('--seconds', type=float, help='instead of --count')
    parser.add_argument('--batch', type=int, default=48)
    parser.add_argument('--jobs', type=int, default=os.cpu_count() or 1)
    parser.add_argument('--keep', default=tempfile.gettempdir(), help='where failing programs are left')
    options = parser.parse_args()
    places = {'emit': 'tests/fuzz/emit_c', 'include': 'include/x07rt', 'runtime': 'lib/x07/libx07rt.a',
              'sanitized_runtime': 'tests/fuzz/libx07rt-sanitized.a'}
    for name, place in places.items():
        if not getattr(options, name):
            if not options.build:
                parser.error('--build or --%s is needed' % name.replace('_', '-'))
            setattr(options, name, os.path.join(options.build, place))
    return options


def main():
    options = arguments()
    tools = Tools(options.emit, options.include, options.runtime, options.sanitized_runtime)
    deadline = time.monotonic() + options.seconds if options.seconds else None
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        checker, seed = Checker(tools, pool, options.keep), options.seed
        while time.monotonic() < deadline if deadline else seed < options.seed + options.count:
            size = options.batch if deadline else min(options.batch, options.seed + options.count - seed)
            checker.run_seeds(range(seed, seed + size))
            seed += size
    print('seeds %d to %d' % (options.seed, seed - 1))
    return checker.summary()


if __name__ == '__main__':
    sys.exit(main())
