"""includes_test.py: the code includes only what the table of docs/architecture.md allows, and that table has no cycle."""
import os
import re
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.M)


def table():
    """Folder to the set of folders that it may include."""
    with open(os.path.join(ROOT, 'docs', 'architecture.md'), encoding='utf-8') as page:
        text = page.read().split('| folder | may include |')[1].split('\n\n')[0]
    rows = (re.findall(r'`([^`]+)`', line) for line in text.splitlines())
    return {row[0]: set(row[1:]) for row in rows if row}


def sources(folder):
    for at, _, names in os.walk(os.path.join(ROOT, folder)):
        yield from (os.path.join(at, name) for name in names if name.endswith(('.c', '.h', '.def')))


def folder_of(include, allowed):
    """The folder of an include, or None for a system header or one of the same folder."""
    first = include.split('/')[0]
    if first == 'x07' and '/' in include:
        return 'include/x07'
    return 'core/' + first if '/' in include and 'core/' + first in allowed else None


class Includes(unittest.TestCase):
    def setUp(self):
        self.allowed = table()

    def test_code_keeps_to_the_table(self):
        for folder, allowed in self.allowed.items():
            files = list(sources(folder))
            self.assertTrue(files, folder)
            for path in files:
                with open(path, encoding='utf-8') as source:
                    used = {folder_of(name, self.allowed) for name in INCLUDE.findall(source.read())}
                extra = used - allowed - {None, folder}
                self.assertFalse(extra, '%s includes %s' % (os.path.relpath(path, ROOT), ', '.join(sorted(extra))))

    def test_table_names_every_folder(self):
        present = {'core/' + name for name in os.listdir(os.path.join(ROOT, 'core'))
                   if list(sources(os.path.join('core', name)))}
        self.assertFalse(present - set(self.allowed), 'docs/architecture.md lacks a row')

    def test_no_cycle(self):
        rest = dict(self.allowed)
        while rest:
            leaves = [name for name, uses in rest.items() if not uses & set(rest)]
            self.assertTrue(leaves, 'a cycle among %s' % ', '.join(sorted(rest)))
            for name in leaves:
                del rest[name]


if __name__ == '__main__':
    unittest.main()
