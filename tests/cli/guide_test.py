"""guide_test.py: `x07 guide` says what the tables and the library say, and `x07 doc` finds it."""
import json
import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
LIBRARY = os.path.join(ROOT, 'core', 'stdlib')
BINARY = os.environ.get('X07_BIN', os.path.join(ROOT, 'build', 'bin', 'x07'))


def x07(*arguments, cwd=None):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, cwd=cwd, timeout=60, check=False)


def library_exports():
    for folder, _, names in os.walk(os.path.join(LIBRARY, 'std')):
        for name in names:
            if name.endswith('.x07.json'):
                with open(os.path.join(folder, name), encoding='utf-8') as file:
                    document = json.load(file)
                for decl in document['decls']:
                    if decl['kind'] == 'export':
                        yield document['module_id'], decl['names']


class Guide(unittest.TestCase):
    def test_names_every_head_and_function(self):
        guide = x07('guide')
        self.assertEqual((guide.returncode, guide.stderr), (0, ''))
        with open(os.path.join(ROOT, 'core', 'sema', 'heads.def'), encoding='utf-8') as file:
            heads = re.findall(r'^HEAD\(\w+, "([^"]+)".*', file.read(), re.M)
        self.assertGreater(len(heads), 80)
        for head in heads:
            if not re.search(r'^__internal|\.dump|\.slot_(to|from)_i32', head):
                self.assertTrue('| `%s` |' % head in guide.stdout, head)
        for module, names in library_exports():
            self.assertTrue('\n### %s\n' % module in guide.stdout, module)
            for name in names:
                self.assertTrue('- `%s(' % name in guide.stdout, name)

    def test_goes_to_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            done = x07('guide', '--out', 'guide.md', cwd=folder)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''))
            with open(os.path.join(folder, 'guide.md'), encoding='utf-8') as file:
                self.assertEqual(file.read(), x07('guide').stdout)
        done = x07('guide', '--out', '/proc/no/such')
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.assertIn('write: ', done.stderr)


class Doc(unittest.TestCase):
    def answer(self, *query, cwd=None):
        done = x07('doc', *query, cwd=cwd)
        self.assertEqual(done.stderr, '')
        self.assertEqual(done.returncode, 0)
        return done.stdout

    def refusal(self, *query, cwd=None):
        done = x07('doc', *query, cwd=cwd)
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        return done.stderr

    def test_builtin(self):
        self.assertEqual(self.answer('std.hash.mix32'), 'std.hash.mix32(x: i32) -> i32\n')
        self.assertTrue(self.answer('std.hash').startswith('module: std.hash\nfile: <builtin>\nexports:\n  - std.hash.'))
        self.assertEqual(self.answer('--builtin', 'bytes.view'), 'bytes.view(bytes) -> bytes_view\n'
                         'A built-in head, in every world; it cannot fail.\nExample: ["bytes.view","x"]\n')
        self.assertIn('hint: run `x07 guide`', self.answer('bytes.view'))

    def test_module_roots_and_files(self):
        document = {'schema_version': 'x07.x07ast@0.5.0', 'kind': 'module', 'module_id': 'a.b', 'imports': [], 'decls': [
            {'kind': 'export', 'names': ['a.b.f']},
            {'kind': 'defn', 'name': 'a.b.f', 'params': [{'name': 's', 'ty': 'bytes_view'}], 'result': 'i32', 'body': 1},
            {'kind': 'defn', 'name': 'a.b.g', 'params': [], 'result': 'i32', 'body': 1}]}
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, 'a'))
            with open(os.path.join(folder, 'a', 'b.x07.json'), 'w', encoding='utf-8') as file:
                json.dump(document, file)
            listing = 'module: a.b\nfile: %s\nexports:\n  - a.b.f(s: bytes_view) -> i32\n'
            self.assertEqual(self.answer('a.b', cwd=folder), listing % './a/b.x07.json')
            self.assertEqual(self.answer('--module-root', folder, 'a.b.f'), 'a.b.f(s: bytes_view) -> i32\n')
            self.assertEqual(self.answer('a/b.x07.json', cwd=folder), listing % os.path.realpath(os.path.join(folder, 'a/b.x07.json')))
            self.assertEqual(self.refusal('a.b.g', cwd=folder), 'symbol not exported by a.b: "a.b.g"\n')

    def test_refusals(self):
        self.assertEqual(self.refusal('no.such'), 'module/symbol not found: "no.such"\n')
        self.assertEqual(self.refusal('--builtin', 'no.such'), 'unknown builtin: "no.such"\n')
        self.assertEqual(self.refusal(), 'missing QUERY (try --help)\n')
        self.assertIn('No such file or directory', self.refusal('./none.x07.json'))
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, 'bad.x07.json'), 'w', encoding='utf-8') as file:
                file.write('{"schema_version":')
            self.assertIn('EOF while parsing a value at line 1', self.refusal('bad.x07.json', cwd=folder))


if __name__ == '__main__':
    unittest.main()
