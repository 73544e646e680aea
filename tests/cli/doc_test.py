"""doc_test.py: `x07 doc` in a project: modules of its roots and packages, packages, and the report of --json, which is
checked against its schema."""
import json
import os
import subprocess
import unittest

from pkg_tool import validator
from tool import TIMEOUT, ToolTest


def module(name, *decls):
    names = [decl['name'] for decl in decls]
    return {'schema_version': 'x07.x07ast@0.5.0', 'kind': 'module', 'module_id': name, 'imports': [],
            'decls': [{'kind': 'export', 'names': names}, *decls]}


def function(name, result='i32', **fields):
    return {'kind': 'defn', 'name': name, 'params': [{'name': 's', 'ty': 'bytes_view'}], 'result': result, 'body': 1,
            **fields}


class Doc(ToolTest):
    def setUp(self):
        super().setUp()
        self.put('src/app/text.x07.json', module(
            'app.text', function('app.text.f'), function('app.text.opt', result=['option', 'i32']),
            function('app.text.task', kind='defasync', result='bytes', body=['bytes.empty'])))
        self.put('deps/acme/modules/acme/str.x07.json', module('acme.str', function('acme.str.trim', result='bytes',
                                                                                   body=['bytes.empty'])))
        self.put('deps/acme/x07-package.json', {
            'schema_version': 'x07.package@0.1.0', 'name': 'acme-str', 'version': '1.2.0', 'module_root': 'modules',
            'modules': ['acme.str', 'acme.more'], 'description': 'Strings.'})
        self.manifest()

    def put(self, name, value):
        os.makedirs(os.path.dirname(os.path.join(self.folder, name)) or self.folder, exist_ok=True)
        self.write(value, name)

    def manifest(self, path='deps/acme'):
        self.put('x07.json', {'schema_version': 'x07.project@0.3.0', 'world': 'run-os', 'entry': 'src/main.x07.json',
                              'module_roots': ['src'],
                              'dependencies': [{'name': 'acme-str', 'version': '1.2.0', 'path': path}]})

    def doc(self, *arguments, code=0, cwd=''):
        done = subprocess.run([self.binary, 'doc', *arguments], cwd=os.path.join(self.folder, cwd), timeout=TIMEOUT,
                              env=self.environment(), capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done)
        return done.stdout if code != 2 else done.stderr

    def report(self, *arguments, code=0, diagnostic=None, **keywords):
        report = json.loads(self.doc('--json', *arguments, code=code, **keywords))
        validator('x07-doc.report').validate(report)
        found = [diagnostic['code'] for diagnostic in report.get('diagnostics', [])]
        self.assertEqual(found, [diagnostic] if diagnostic else [])
        self.assertEqual((report['ok'], report['diagnostics_count']), (code == 0, len(found)))
        return report['result']

    def test_text(self):
        self.assertEqual(self.doc('app.text'), 'module: app.text\nfile: %s/src/app/text.x07.json\nexports:\n'
                         '  - app.text.f(s: bytes_view) -> i32\n  - app.text.opt(s: bytes_view) -> \n'
                         '  - app.text.task(s: bytes_view) -> bytes\n' % self.folder)
        self.assertEqual(self.doc('app.text.task', cwd='src'), 'app.text.task(s: bytes_view) -> bytes\nkind: defasync\n')
        self.assertEqual(self.doc('acme.str.trim'), 'acme.str.trim(s: bytes_view) -> bytes\n')
        for query in ('acme-str', 'acme-str@9'):
            self.assertEqual(self.doc(query), 'package: acme-str@1.2.0\ndescription: Strings.\nmodules:\n  - acme.str\n'
                             '  - acme.more\nhint: x07 doc acme.str\n')
        self.assertIn('file: ', self.doc('std.os.env'))
        self.assertEqual(self.doc('--module-root', 'deps/acme/modules', 'app.text', code=2),
                         'module/symbol not found: "app.text"\n')
        self.assertEqual(self.doc('--module-root', 'deps/acme/modules', 'acme.str.no', code=2),
                         'symbol not exported by acme.str: "acme.str.no"\n')

    def test_reports(self):
        self.assertEqual(self.report('acme.str'), {
            'kind': 'module', 'module_id': 'acme.str', 'path': self.folder + '/deps/acme/modules/acme/str.x07.json',
            'exports': [{'name': 'acme.str.trim', 'kind': 'defn', 'params': [{'name': 's', 'ty': 'bytes_view'}],
                         'result': 'bytes'}],
            'source': {'kind': 'dependency', 'path': self.folder + '/deps/acme/modules', 'package': 'acme-str@1.2.0'}})
        symbol = self.report(' app.text.opt ')
        self.assertEqual((symbol['sig']['result'], symbol['source']['kind']), ('', 'project'))
        self.assertEqual(self.report('acme-str')['modules'], ['acme.more', 'acme.str'])
        self.assertEqual(self.report('src/app/text.x07.json')['source']['kind'], 'filesystem')
        self.assertEqual(self.report('std.os.env.get')['source']['kind'], 'stdlib')
        self.assertEqual(self.report('--builtin', 'view.slice')['name'], 'view.slice')

    def test_refusals(self):
        self.report('', code=1, diagnostic='X07-DOC-QUERY-0001')
        self.report('no/file', code=1, diagnostic='X07-DOC-PATH-0001')
        self.report('--builtin', 'no.such', code=1, diagnostic='X07-DOC-BUILTIN-0001')
        self.assertEqual(self.report('app.text.no', code=1, diagnostic='X07-DOC-SYMBOL-0001')['suggestions'], [
            {'query': 'app.text.' + name, 'kind': 'symbol'} for name in ('f', 'opt', 'task')])
        self.assertEqual(self.report('text', code=1, diagnostic='X07-DOC-NOTFOUND-0001')['suggestions'],
                         [{'query': 'app.text', 'kind': 'module'}])
        names = [found['query'] for found in self.report('std.', code=1, diagnostic='X07-DOC-NOTFOUND-0001')['suggestions']]
        self.assertEqual(len(names), 50)
        self.put('src/bad.x07.json', '{')
        self.report('bad', code=1, diagnostic='X07-DOC-RESOLVE-0001')
        self.manifest('deps/none')
        self.assertIn('load package manifest for "acme-str"@"1.2.0" from ', self.report(
            'app.text', code=1, diagnostic='X07-DOC-RESOLVE-0001')['message'])

    def test_specifications(self):
        self.report('spec:', code=1, diagnostic='X07-DOC-SPEC-0001')
        self.put('docs/spec/spec-index.json', {'entries': [{'spec_id': 'lang', 'schema_version': 'l@1', 'path': 'l.md'}]})
        self.put('docs/spec/l.md', '')
        folder = self.folder + '/docs/spec/'
        for query, name, path in (('spec:', 'spec-index.json', 'spec-index.json'), ('spec:l.md', 'l.md', 'l.md'),
                                  ('spec:lang', 'lang', 'l.md'), ('spec:l@1', 'lang', 'l.md')):
            self.assertEqual(self.report(query, cwd='src'), {'kind': 'spec', 'spec_id': name, 'path': folder + path})
        for query in ('spec:../x07.json', 'spec:none', 'spec:/etc/passwd'):
            self.report(query, code=1, diagnostic='X07-DOC-SPEC-0002')
        self.put('docs/spec/spec-index.json', '[')
        self.report('spec:lang', code=1, diagnostic='X07-DOC-RESOLVE-0001')


if __name__ == '__main__':
    unittest.main()
