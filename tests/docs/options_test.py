"""options_test.py: pages and man pages name the commands and options that `--help` shows, and no others; the completion
offers them."""
import json
import os
import re
import shutil
import subprocess
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
OPTION = re.compile(r'(?<![\w-])--[a-z][a-z0-9-]*')


def read(*path):
    with open(os.path.join(ROOT, *path), encoding='utf-8') as file:
        return file.read()


def of_command(command):
    done = subprocess.run([os.environ['X07_BIN'], *command, '--help'], capture_output=True, text=True, check=True)
    return set(OPTION.findall(done.stdout)) - {'--help'}


def of_man_page(name):
    return {'-' + option for option in re.findall(r'(?:Fl|,|\|) (-[a-z][a-z0-9-]*)', read('packaging', 'man', name))}


def rows():
    """The rows of `--cli-specrows`, by scope: {"ast.get": [...]}; the whole table of commands is in them."""
    done = subprocess.run([os.environ['X07_BIN'], '--cli-specrows'], capture_output=True, text=True, check=True)
    scopes = {}
    for scope, *row in json.loads(done.stdout)['rows']:
        scopes.setdefault(scope, []).append(row)
    return scopes


def leaves(scopes):
    """The commands that do something, as lists of words."""
    return [scope.split('.') for scope in scopes if scope != 'root' and not any(s.startswith(scope + '.') for s in scopes)]


def completions(*words):
    """What bash offers when the last word is completed."""
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _x07; printf "%s\\n" "${COMPREPLY[@]}"'
    completion = os.path.join(ROOT, 'packaging', 'completions', 'x07.bash')
    done = subprocess.run(['bash', '-c', script, 'bash', completion, os.environ['X07_BIN'], *words],
                          capture_output=True, text=True, check=True)
    return set(done.stdout.split())


class Options(unittest.TestCase):
    def test_run(self):
        options = of_command(['run'])
        self.assertIn('--program', options)
        table = read('docs', 'running.md').split('## Options')[1].split('\n## ')[0]
        page = set(re.findall(r'`(--[a-z][a-z0-9-]*)', '\n'.join(
            line for line in table.splitlines() if line.startswith('| `--'))))
        self.assertEqual(page, options, 'docs/running.md')
        self.assertEqual(of_man_page('x07-run.1'), options, 'x07-run.1')

    def test_man_pages(self):
        """Every command has a page, of its group if it is in one, with exactly the options of its help."""
        pages = {}
        for words in leaves(rows()):
            page = {'guide': 'x07-doc.1'}.get(words[0], 'x07-%s.1' % words[0])
            pages.setdefault(page, set()).update(of_command(words))
        for page, options in pages.items():
            with self.subTest(page=page):
                self.assertEqual(of_man_page(page), options)

    def test_options_of_every_command(self):
        shared = {row[2] for row in rows()['root'] if row[0] in ('flag', 'opt')}
        self.assertEqual(of_man_page('x07.1') - {'--help', '--version'}, shared)
        self.assertEqual(set(re.findall(r'^\| `(--[a-z-]+)', read('docs', 'machine-interface.md'), re.M)), shared - {'--out'})

    def test_x07c(self):
        binary = os.environ['X07_BIN'] + 'c'
        shown = ''.join(subprocess.run([binary, name, '--help'], capture_output=True, text=True, check=True).stdout
                        for name in ('fmt', 'lint', 'fix', 'build', 'compile', 'lock'))
        self.assertEqual(of_man_page('x07c.1'), set(OPTION.findall(shown)) - {'--help'})

    def test_rows_are_the_help(self):
        scopes = rows()
        shared = {row[2] for row in scopes['root'] if row[0] in ('flag', 'opt')}
        for words in leaves(scopes):
            listed = {row[2] for row in scopes['.'.join(words)] if row[0] in ('flag', 'opt')}
            self.assertEqual(listed - shared, of_command(words) - shared, words)
            self.assertEqual(shared - listed, set(), words)

    def test_assets(self):
        page = set(re.findall(r'^\| `(--[a-z-]+)', read('docs', 'assets.md'), re.M))
        self.assertEqual(page, of_command(['assets', 'embed-dir']), 'docs/assets.md')

    def test_vm(self):
        options = set().union(*(of_command(['vm', name]) for name in ('build-image', 'prune', 'status')))
        self.assertIn('--plugin-dir', options)
        self.assertEqual(of_man_page('x07-vm.1'), options, 'x07-vm.1')

    def test_commands(self):
        page = set(re.findall(r'^\.It Cm ([a-z]+)$', read('packaging', 'man', 'x07.1'), re.M))
        self.assertEqual(page, {scope.split('.')[0] for scope in rows()} - {'root'} | {'help'}, 'x07.1')

    def test_completion(self):
        scopes = rows()
        self.assertEqual(completions('p') & {'plugins', 'run'}, {'plugins'})
        self.assertEqual(completions(''), {scope.split('.')[0] for scope in scopes} - {'root'} | {'help'})
        for words in leaves(scopes):
            listed = {row[2] for row in scopes['.'.join(words)] if row[0] in ('flag', 'opt', 'help')}
            self.assertEqual(completions(*words, '--'), listed, words)
        self.assertEqual(completions('run', '--repair', ''), {'off', 'memory', 'write'})
        self.assertEqual(completions('run', '--repair', '=', 'm'), {'memory'})
        self.assertEqual(completions('lint', '--json', '=', ''), {'canon', 'pretty', 'off'})
        self.assertEqual(completions('--out', 'x', 'ast', 'edit', 'i'), {'insert-stmts'})
        self.assertNotIn('--repair', completions('run', '--repair', 'off', '--re'))
        self.assertEqual(completions('plugins', 'list', '--js') & {'--json', '--jsonl', '--input'}, {'--json', '--jsonl'})
        os.chdir(os.path.dirname(os.path.abspath(__file__)))
        self.assertEqual(completions('lint', '--input', 'codes_t'), {'codes_test.py'})

    def complete_in(self, shell, script):
        """What a script prints that tries the completion of another shell, x07 being found."""
        binary = os.environ['X07_BIN']
        env = dict(os.environ, PATH=os.path.dirname(binary) + ':' + os.environ['PATH'])
        file = os.path.join(ROOT, 'packaging', 'completions', 'x07.' + shell)
        return subprocess.run([shell, '-c', script % file], env=env, capture_output=True, text=True, check=True).stdout

    @unittest.skipUnless(shutil.which('zsh'), 'no zsh here')
    def test_zsh(self):
        said = self.complete_in('zsh', """
            compdef() { }
            _describe() { print -l -- "${(@P)4}" }
            _files() { print -- files "$@" }
            source %s
            try() { words=("$@"); CURRENT=$#; _x07 }
            try x07 run --repair m; try x07 run --program ''; try x07 lint --inp""")
        self.assertEqual([line.split(':')[0] for line in said.splitlines()], ['memory', 'files', '--input'])

    @unittest.skipUnless(shutil.which('fish'), 'no fish here')
    def test_fish(self):
        said = self.complete_in('fish', 'source %s; complete -C "x07 run --repair m"; complete -C "x07 lint --inp"')
        self.assertEqual([line.split('\t')[0] for line in said.splitlines()], ['memory', '--input'])


if __name__ == '__main__':
    unittest.main()
