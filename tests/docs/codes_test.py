"""codes_test.py: one table of codes. Every code in the sources is a row of core/lint/codes.def, every row has a recorded
answer or a test, and docs/diagnostics.md says what the table says."""
import os
import re
import subprocess
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
BINARY = os.environ.get('X07_BIN') or os.path.join(ROOT, 'build', 'bin', 'x07')
CODE = re.compile(r'"(X07-[A-Z0-9-]+-[0-9]{4})"')
# What shows that a code is found: the code as the value of a member, in an answer or a test.
EVIDENCE = ('.jsonl', '.py', '.c')


def read(*path):
    with open(os.path.join(ROOT, *path), encoding='utf-8') as file:
        return file.read()


def rows():
    return re.findall(r'^CODE\(\w+, "([^"]+)"', read('core', 'lint', 'codes.def'), re.M)


def files(folder, endings):
    for at, _, names in os.walk(os.path.join(ROOT, folder)):
        yield from (os.path.join(at, name) for name in names if name.endswith(endings))


class Codes(unittest.TestCase):
    def test_table_is_sorted(self):
        self.assertTrue(rows())
        self.assertEqual(rows(), sorted(set(rows())))

    def test_sources_use_codes_of_the_table(self):
        known = set(rows())
        for path in files('core', ('.c', '.h')):
            with open(path, encoding='utf-8') as source:
                unknown = set(CODE.findall(source.read())) - known
            self.assertFalse(unknown, '%s: not in core/lint/codes.def: %s' % (path, ', '.join(sorted(unknown))))

    def test_every_code_has_a_test(self):
        missing = set(rows())
        for path in files('tests', EVIDENCE):
            if os.path.samefile(path, __file__):
                continue
            with open(path, encoding='utf-8', errors='replace') as file:
                missing -= set(re.findall(r'X07-[A-Z0-9-]+-[0-9]{4}', file.read()))
        self.assertFalse(missing, 'no test mentions: %s' % ', '.join(sorted(missing)))

    def test_page_is_up_to_date(self):
        ran = subprocess.run([BINARY, 'diag', 'catalog', '--format', 'md', '--check', '--out-md',
                              os.path.join(ROOT, 'docs', 'diagnostics.md')], capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stderr + '\nrun: x07 diag catalog --format md --out-md docs/diagnostics.md')

    def test_explain_knows_every_code(self):
        for code in rows():
            ran = subprocess.run([BINARY, 'diag', 'explain', code], capture_output=True, text=True)
            self.assertEqual((ran.returncode, ran.stdout.split('\n')[0]), (0, 'code: ' + code), ran.stderr)


if __name__ == '__main__':
    unittest.main()
