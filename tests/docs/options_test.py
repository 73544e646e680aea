"""options_test.py: every option that `--help` shows is in the page, the man page and the completion, and these name no
option that does not exist."""
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


def of_completion(command):
    branch = re.search(r'\n        %s\)\n(.*?);;' % command, read('packaging', 'completions', 'x07.bash'), re.S)
    return set(OPTION.findall(branch.group(1))) - {'--help'}


class Options(unittest.TestCase):
    def test_run(self):
        options = of_command(['run'])
        self.assertIn('--program', options)
        table = read('docs', 'running.md').split('## Options')[1].split('\n## ')[0]
        page = set(re.findall(r'`(--[a-z][a-z0-9-]*)', '\n'.join(
            line for line in table.splitlines() if line.startswith('| `--'))))
        self.assertEqual(page, options, 'docs/running.md')
        self.assertEqual(of_man_page('x07-run.1'), options, 'x07-run.1')
        self.assertEqual(of_completion('run'), options, 'x07.bash')

    def test_build(self):
        options = of_command(['build'])
        self.assertEqual(of_man_page('x07-build.1'), options, 'x07-build.1')
        self.assertEqual(of_completion('build'), options, 'x07.bash')

    def test_doc_and_guide(self):
        doc, guide = of_command(['doc']), of_command(['guide'])
        self.assertEqual(of_man_page('x07-doc.1'), doc | guide, 'x07-doc.1')
        self.assertEqual(of_completion('doc'), doc, 'x07.bash')
        self.assertEqual(of_completion('guide'), guide, 'x07.bash')

    def test_tools(self):
        for name, commands in {
                'check': [['check']], 'fmt': [['fmt']], 'lint': [['lint']], 'fix': [['fix']],
                'diag': [['diag', 'explain'], ['diag', 'catalog']], 'patch': [['patch', 'apply']],
                'ast': [['ast', *words] for words in (['get'], ['canon'], ['validate'], ['apply-patch'],
                                                      ['edit', 'insert-stmts'], ['edit', 'apply-quickfix'])]}.items():
            options = set().union(*map(of_command, commands))
            self.assertTrue(options, name)
            self.assertEqual(of_man_page('x07-%s.1' % name), options, name)
            self.assertEqual(of_completion(name), options, name)

    def test_plugins(self):
        options = set().union(*(of_command(['plugins', name]) for name in ('list', 'info', 'check')))
        self.assertIn('--json', options)
        self.assertEqual(of_man_page('x07-plugins.1'), options, 'x07-plugins.1')
        self.assertEqual(of_completion('plugins'), options, 'x07.bash')


if __name__ == '__main__':
    unittest.main()
