"""options_test.py: pages and man pages name the commands and options that `--help` shows, and no others; the completion
offers them."""
import os
import re
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


def commands():
    done = subprocess.run([os.environ['X07_BIN'], '--help'], capture_output=True, text=True, check=True)
    return set(re.findall(r'^  ([a-z]+)  ', done.stdout.split('Commands:')[1].split('\n\n')[0], re.M))


def completions(*words):
    """What the shell offers when the last word is completed."""
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

    def test_build(self):
        options = of_command(['build'])
        self.assertEqual(of_man_page('x07-build.1'), options, 'x07-build.1')

    def test_doc_and_guide(self):
        doc, guide = of_command(['doc']), of_command(['guide'])
        self.assertEqual(of_man_page('x07-doc.1'), doc | guide, 'x07-doc.1')

    def test_tools(self):
        for name, commands in {
                'check': [['check']], 'init': [['init']], 'fmt': [['fmt']], 'lint': [['lint']], 'fix': [['fix']],
                'diag': [['diag', 'explain'], ['diag', 'catalog'], ['diag', 'sarif']], 'patch': [['patch', 'apply']],
                'ast': [['ast', *words] for words in (['get'], ['slice'], ['canon'], ['validate'], ['apply-patch'],
                                                      ['edit', 'insert-stmts'], ['edit', 'apply-quickfix'])]}.items():
            options = set().union(*map(of_command, commands))
            self.assertTrue(options, name)
            self.assertEqual(of_man_page('x07-%s.1' % name), options, name)

    def test_packages(self):
        options = set().union(*(of_command(['pkg', name]) for name in (
            'add', 'lock', 'login', 'pack', 'provides', 'publish', 'remove', 'versions')))
        self.assertIn('--with-closure', options)
        self.assertEqual(of_man_page('x07-pkg.1'), options, 'x07-pkg.1')

    def test_plugins(self):
        options = set().union(*(of_command(['plugins', name]) for name in ('list', 'info', 'check')))
        self.assertIn('--json', options)
        self.assertEqual(of_man_page('x07-plugins.1'), options, 'x07-plugins.1')

    def test_vm(self):
        options = set().union(*(of_command(['vm', name]) for name in ('build-image', 'prune', 'status')))
        self.assertIn('--plugin-dir', options)
        self.assertEqual(of_man_page('x07-vm.1'), options, 'x07-vm.1')

    def test_commands(self):
        page = set(re.findall(r'^\.It Cm ([a-z]+)$', read('packaging', 'man', 'x07.1'), re.M))
        self.assertEqual(page, commands(), 'x07.1')

    def test_completion(self):
        self.assertEqual(completions('p') & {'plugins', 'run'}, {'plugins'})
        for words in (['run'], ['build'], ['doc'], ['fmt'], ['ast', 'edit', 'insert-stmts'], ['plugins', 'list']):
            self.assertEqual(completions(*words, '--'), of_command(words) | {'--help'}, words)
        self.assertEqual(completions('run', '--repair', ''), {'off', 'memory', 'write'})
        self.assertEqual(completions('plugins', 'list', '--js'), {'--json'})


if __name__ == '__main__':
    unittest.main()
