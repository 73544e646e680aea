"""slice_test.py: `x07 ast slice`: what goes into a slice, what it says of what is left out, and how limits cut it."""
import json
import os
import subprocess
import unittest

import jsonschema

from tool import ToolTest, document

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec', 'x07-ast.slice.report.schema.json')


def function(name, body, **fields):
    return {'kind': 'defn', 'name': name, 'params': [{'name': 'x', 'ty': 'bytes_view'}], 'result': 'bytes', 'body': body,
            **fields}


CLAUSE = {'expr': ['=', ['std.bytes.len', 'x'], 1]}
LEAF = function('m.leaf', ['std.vec.f', ['view.to_bytes', 'x']])
MIDDLE = function('m.middle', ['begin', ['let', 'a', 1], ['m.leaf', 'x'], ['+', 7, ['*', 8, 'a']], ['m.leaf', 'x']],
                  requires=[CLAUSE])
OTHER = function('m.other', ['view.to_bytes', 'x'])
TOP = function('m.top', ['m.middle', 'x'])
EXPORT = {'kind': 'export', 'names': ['m.leaf', 'm.other', 'm.top']}
MODULE = document(None, kind='module', module_id='m', imports=['std.bytes', 'std.text', 'std.vec'], meta={'note': 'long'},
                  decls=[EXPORT, LEAF, MIDDLE, OTHER, TOP])


class SliceTest(ToolTest):
    def setUp(self):
        super().setUp()
        self.write(MODULE, 'm.x07.json')
        with open(SPEC, encoding='utf-8') as file:
            self.schema = json.load(file)
        subprocess.run([self.binary, 'fmt', '--write', 'm.x07.json'], cwd=self.folder, check=True)
        with open(os.path.join(self.folder, 'm.x07.json'), encoding='utf-8') as file:
            self.canonical = json.load(file)
        self.place = {d.get('name', 'export'): '/decls/%d' % i for i, d in enumerate(self.canonical['decls'])}

    def slice(self, pointer, *flags, code=0, name='m.x07.json'):
        done = subprocess.run([self.binary, 'ast', 'slice', '--in', name, '--ptr', pointer, *flags], cwd=self.folder,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        report = json.loads(done.stdout)
        jsonschema.validate(report, self.schema)
        self.assertEqual(done.stdout, json.dumps(report, sort_keys=True, separators=(',', ':')) + '\n')
        self.assertEqual(report['ok'], code == 0)
        return report

    def size(self, report):
        return len(json.dumps(report['slice_ast'], separators=(',', ':')))

    def names(self, report):
        return [d.get('name', d.get('names')) for d in report['slice_ast']['decls']]

    def test_what_belongs_to_a_place(self):
        report = self.slice(self.place['m.middle'] + '/body/1', '--enclosure', 'defn')
        self.assertEqual(self.names(report), ['m.middle', ['m.leaf'], 'm.leaf'] if self.place['export'] < self.place['m.leaf']
                         else ['m.middle', 'm.leaf', ['m.leaf']])
        self.assertEqual(report['slice_ast']['imports'], ['std.bytes', 'std.vec'])
        self.assertEqual(report['slice_ast']['meta'], {'note': 'long'})
        self.assertEqual(report['slice_meta']['ptr_remap'], [{'from': self.place['m.middle'], 'to': '/decls/0'}])
        # A slice is a document again.
        self.write(report['slice_ast'], 'slice.x07.json')
        subprocess.run([self.binary, 'ast', 'validate', '--in', 'slice.x07.json'], cwd=self.folder, check=True,
                       capture_output=True)
        whole = self.slice('', '--enclosure', 'module')
        self.assertEqual(whole['slice_ast']['decls'], self.canonical['decls'])
        self.assertEqual(whole['slice_ast']['imports'], ['std.bytes', 'std.vec'])
        exported = self.slice(self.place['export'])
        self.assertEqual(sorted(map(str, self.names(exported)[1:])), ['m.leaf', 'm.middle', 'm.other', 'm.top'])

    def test_what_is_left_out(self):
        place = self.place['m.middle']
        types = self.slice(place, '--closure', 'types')
        self.assertEqual(types['slice_meta']['missing'], {'imports': ['std.bytes'], 'locals': ['m.leaf'], 'types': []})
        self.assertEqual(types['slice_meta']['omitted'], {'imports': True, 'locals': True, 'types': False})
        self.assertIn('requires', types['slice_ast']['decls'][0])
        local = self.slice(place, '--closure', 'locals')
        self.assertEqual(local['slice_meta']['missing']['types'], ['contracts'])
        self.assertNotIn('requires', json.dumps(local['slice_ast']))
        # A place within a contract needs the contracts.
        forced = self.slice(place + '/requires/0', '--closure', 'locals')
        self.assertIn('requires', json.dumps(forced['slice_ast']))
        self.assertFalse(forced['slice_meta']['omitted']['types'])
        self.assertEqual(self.slice('/imports/0', '--closure', 'locals', '--enclosure', 'module')['slice_ast']['imports'], [])

    def test_solve(self):
        self.write(document(['begin', ['let', 'a', 1], ['main.f', 'input']],
                            decls=[function('main.f', ['view.to_bytes', 'x']), function('main.g', ['bytes.alloc', 0])]))
        report = self.slice('/solve/2', '--enclosure', 'module', name='main.x07.json')
        self.assertEqual(self.names(report), ['main.f'])
        limit = str(self.size(report) - 1)
        cut = self.slice('/solve/2', '--enclosure', 'module', '--max-bytes', limit, name='main.x07.json')
        self.assertEqual(cut['slice_ast']['solve'], ['begin', 0, ['main.f', 'input']])

    def test_limits(self):
        place = self.place['m.middle']
        full = self.slice(place + '/body/3/2')
        few = self.slice(place, '--max-nodes', '1')
        self.assertEqual(self.names(few), ['m.middle'])
        self.assertEqual([d['message'] for d in few['diagnostics']], ['x07 ast slice truncated (max_nodes)'])
        self.assertEqual((few['slice_meta']['truncation']['reason'], few['slice_meta']['truncation']['decls_after']),
                         ('max_nodes', 1))
        size = self.size(full)
        for limit in (size, size - 1, 300, 250):
            cut = self.slice(place + '/body/3/2', '--max-bytes', str(limit))
            self.assertLessEqual(self.size(cut), limit)
            self.assertEqual(cut['slice_meta']['truncated'], limit < size)
        both = self.slice(place + '/body/3/2', '--max-bytes', '290', '--max-nodes', '40')
        self.assertEqual([d['code'] for d in both['diagnostics']], ['X07-AST-SLICE-0001'] * 2)
        self.assertEqual(both['slice_meta']['truncation']['reason'], 'max_nodes')
        self.assertEqual(both['slice_ast']['decls'][0]['body'], ['begin', 0, 0, ['+', 0, ['*', 8, 'a']]])
        failed = self.slice(place, '--max-bytes', '10', code=20)
        self.assertEqual(failed['diagnostics'][0]['message'], 'failed to truncate slice to --max_bytes=10')

    def test_wrong_use(self):
        for pointer, flags, message in (
                ('/decls/99', (), 'JSON Pointer not found: "/decls/99"'),
                ('solve', (), 'invalid JSON Pointer (expected leading \'/\'): "solve"'),
                ('/imports', (), '--enclosure decl requires --ptr under /decls/<i>'),
                (self.place['export'], ('--enclosure', 'defn'),
                 '--enclosure defn requires a defn/defasync decl, got kind="export"'),
                ('', ('--enclosure', 'module', '--max-bytes', '0'), '--max_bytes must be >= 1')):
            report = self.slice(pointer, *flags, code=20)
            self.assertEqual([d['message'] for d in report['diagnostics']], [message])
            self.assertIsNone(report['slice_ast'])
        self.write('{"no": "document"}', 'no.json')
        self.assertIsNone(self.slice('', code=2, name='no.json')['slice_meta'])
        self.slice('', code=2, name='missing.json')


if __name__ == '__main__':
    unittest.main()
