"""machine_test.py: the machine interface. Every command runs under --json with good input, many with bad, and what comes out
is checked against the schema of its wrapper, with the command's own report against spec/. Then the other options: layouts,
events, files, schema ids, rows of the command line, and what goes wrong."""
import hashlib
import json
import os
import subprocess
import unittest

import jsonschema

import packages
from tool import ECHO, ToolTest, document

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec')
BROKEN = document(['begin', ['if', 1], ['bytes.alloc', 0]])
FIXABLE = document(['let', 'a', 1, ['bytes.alloc', 0]])
ENTRY = ('--in', 'main.x07.json')
PROJECT = ('--project', 'app/x07.json')

# Per command: arguments, exit code, and the schema in spec/ of what it prints itself (None: text, or nothing).
GOOD = {
    'assets embed-dir': (('--in', 'str', '--module-id', 'app.assets', '--out', 'out/assets.x07.json'), 0,
                         'x07-assets.embed-dir.report'),
    'ast apply-patch': ((*ENTRY, '--patch', 'patch.json'), 0, 'x07-ast.written.report'),
    'ast canon': (ENTRY, 0, 'x07-ast.written.report'),
    'ast edit apply-quickfix': (('--in', 'fixable.x07.json', '--ptr', '/solve'), 0, 'x07-ast.quickfix.report'),
    'ast edit insert-stmts': ((*ENTRY, '--ptr', '/solve', '--stmt-file', 'statement.json'), 0, 'x07-ast.insert.report'),
    'ast get': ((*ENTRY, '--ptr', '/solve/0'), 0, 'x07-ast.get.report'),
    'ast init': (('--world', 'run-os', '--module', 'm', '--out', 'new.x07.json'), 0, 'x07-ast.init.report'),
    'ast schema': (('--pretty',), 0, None),
    'ast slice': ((*ENTRY, '--ptr', '/solve', '--enclosure', 'module'), 0, 'x07-ast.slice.report'),
    'ast validate': (ENTRY, 0, 'x07-ast.validate.report'),
    'build': (('--program', 'main.x07.json', '--out', 'out.c'), 0, None),
    'check': (('--program', 'main.x07.json'), 0, 'x07-x07diag'),
    'diag catalog': (('--format', 'json', '--out', 'catalog.json'), 0, None),
    'diag explain': (('X07-MOVE-0001',), 0, None),
    'diag sarif': (('--in', 'findings.json', '--out', 'findings.sarif'), 0, None),
    'doc': (('std.bytes',), 0, None),
    'doctor': ((), None, 'x07-doctor.report'),
    'fix': (('--input', 'fixable.x07.json', '--suggest-generics'), 0, 'x07-patchset'),
    'fmt': (('--write', 'fixable.x07.json'), 0, None),
    'init': ((), 0, 'x07-init.report'),
    'guide': (('--out', 'guide.md'), 0, None),
    'lint': (('--input', 'main.x07.json'), 0, 'x07-x07diag'),
    'patch apply': (('--in', 'patchset.json'), 0, None),
    'pkg add': ((*PROJECT, '--index', 'INDEX', 'acme-str'), 0, 'x07-pkg.report'),
    'pkg lock': ((*PROJECT, '--offline'), 20, 'x07-pkg.report'),
    'pkg login': (('--index', 'INDEX', '--token', 'secret'), 0, 'x07-pkg.report'),
    'pkg pack': (('--package', 'str', '--out', 'str.x07pkg'), 0, 'x07-pkg.report'),
    'pkg provides': ((*PROJECT, 'std.text'), 0, 'x07-pkg.provides.report'),
    'pkg publish': (('--package', 'str', '--index', 'INDEX'), 20, 'x07-pkg.report'),
    'pkg remove': ((*PROJECT, 'acme-str'), 0, 'x07-pkg.report'),
    'pkg versions': (('--index', 'INDEX', 'acme-str'), 0, 'x07-pkg.report'),
    'plugins check': (('PLUGIN',), 0, None),
    'plugins info': (('x07.sandbox.none',), 0, None),
    'plugins list': ((), 0, None),
    'policy init': (('--template', 'cli'), 0, 'x07-policy.init.report'),
    'run': (('--program', 'main.x07.json', '--repair', 'off'), 0, 'x07-os-runner.report'),
    'vm build-image': ((), None, 'x07-vm.report'),
    'vm prune': ((), 0, 'x07-vm.report'),
    'vm status': ((), 0, 'x07-vm.report'),
}

# What is wrong in another way than a missing file or an unknown option.
BAD = {
    'assets embed-dir': (('--in', 'none', '--module-id', 'a', '--out', 'b'), 20, 'x07-assets.embed-dir.report'),
    'ast get': ((*ENTRY, '--ptr', '/nowhere'), 20, 'x07-ast.get.report'),
    'ast init': (('--world', 'run-os', '--module', 'a b', '--out', 'new.x07.json'), 2, 'x07-ast.init.report'),
    'ast schema': (('--schema-version', 'x07.x07ast@0.6.0'), 2, None),
    'ast slice': ((*ENTRY, '--ptr', '/solve'), 20, 'x07-ast.slice.report'),
    'ast validate': (('--in', 'invalid.x07.json'), 20, 'x07-ast.validate.report'),
    'check': (('--program', 'broken.x07.json'), 1, 'x07-x07diag'),
    'diag explain': (('X07-NONE',), 2, None),
    'doc': (('nothing.of.that.name',), 1, None),
    'fmt': (('--check', 'loose.x07.json'), 1, None),
    'init': (('--package', '--template', 'cli'), 20, 'x07-init.report'),
    'lint': (('--input', 'broken.x07.json'), 1, 'x07-x07diag'),
    'pkg add': ((*PROJECT, 'Acme'), 20, 'x07-pkg.report'),
    'pkg provides': ((*PROJECT, 'no.such.module'), 1, 'x07-pkg.provides.report'),
    'pkg remove': ((*PROJECT, 'acme-none'), 20, 'x07-pkg.report'),
    'pkg versions': (('--index', 'INDEX', 'acme-none'), 20, 'x07-pkg.report'),
    'plugins info': (('com.example.nobody',), 1, None),
    'run': (('--program', 'broken.x07.json', '--report', 'wrapped'), 1, 'x07-run.report'),
}


def schema_of(name):
    with open(os.path.join(SPEC, name + '.schema.json'), encoding='utf-8') as file:
        return json.load(file)


class MachineTest(ToolTest):
    def setUp(self):
        super().setUp()
        self.write(ECHO)
        self.write(BROKEN, 'broken.x07.json')
        self.write(FIXABLE, 'fixable.x07.json')
        self.write(json.dumps(ECHO, indent=1), 'loose.x07.json')
        self.write(document(['bytes.alloc', 0], extra=1), 'invalid.x07.json')
        self.write([{'op': 'replace', 'path': '/module_id', 'value': 'main'}], 'patch.json')
        self.write(['let', 'a', 1], 'statement.json')
        self.write({'schema_version': 'x07.patchset@0.1.0', 'patches': []}, 'patchset.json')
        self.registry = packages.Registry(os.path.join(self.folder, 'registry'))
        self.registry.publish('acme-str')
        os.mkdir(os.path.join(self.folder, 'app'))
        self.write(packages.project(), 'app/x07.json')
        os.makedirs(os.path.join(self.folder, 'str', 'modules', 'acme'))
        for name, content in packages.files_of('acme-str', '1.0.0').items():
            self.write(content, 'str/' + name)
        self.write({'schema_version': 'x07.x07diag@0.1.0', 'diagnostics': []}, 'findings.json')

    def raw(self, *arguments, code=0, **keywords):
        """What a command line prints on stdout."""
        done = subprocess.run([self.binary, *arguments], cwd=self.folder, env=self.environment(), capture_output=True,
                              timeout=120, **{'stdin': subprocess.DEVNULL, **keywords})
        shown = 'x07 %s\nstdout: %s\nstderr: %s' % (' '.join(arguments), done.stdout[:1500], done.stderr)
        if code is not None:
            self.assertEqual(done.returncode, code, shown)
        self.code, self.stderr = done.returncode, done.stderr
        return done.stdout

    def check_report(self, words, text):
        """The report is what its schema says, in canonical form, and consistent. Returns it."""
        report = json.loads(text)
        canonical = json.dumps(report, sort_keys=True, separators=(',', ':'), ensure_ascii=False) + '\n'
        self.assertEqual(text.decode(), canonical)
        scope = '.'.join(words)
        if 'schema_version' in report and report['schema_version'].startswith('x07.tool.'):
            self.assertEqual(report['schema_version'], 'x07.tool.%s.report@0.1.0' % (scope or 'root'))
            self.assertEqual(report['command'], '.'.join(('x07', *words)))
            self.assertEqual(report['exit_code'], self.code)
            errors = any(found['severity'] == 'error' for found in report['diagnostics'])
            self.assertEqual(report['ok'], self.code == 0 and not errors)
            self.assertEqual(errors, self.code != 0)
        return report

    def leaves(self):
        """The commands that do something, from the rows, and the rows' check."""
        rows = json.loads(self.raw('--cli-specrows'))
        jsonschema.validate(rows, schema_of('x07cli.specrows'))
        scopes = {row[0] for row in rows['rows']} - {'root'}
        return sorted(s.replace('.', ' ') for s in scopes if not any(o.startswith(s + '.') for o in scopes))

    def wrapper_of(self, words):
        """The schema of the wrapper of a command, which --json-schema prints for it."""
        with open(os.path.join(SPEC, 'x07-tool-root.report.schema.json'), encoding='utf-8') as file:
            text = file.read()
        for old, new in (('x07.tool.root.report', 'x07.tool.%s.report' % '.'.join(words)),
                         ('x07-tool-root.report', 'x07-tool-%s.report' % '-'.join(words)),
                         ('"const": "x07"', '"const": "x07.%s"' % '.'.join(words))):
            self.assertEqual(text.count(old), 1)
            text = text.replace(old, new)
        return json.loads(text)

    def run_rows(self, table):
        for name, (arguments, code, own) in table.items():
            with self.subTest(command=name):
                plugin = os.path.join(os.path.dirname(self.binary), '..', 'lib', 'x07', 'plugins', 'x07-sandbox-none.so')
                places = {'PLUGIN': plugin, 'INDEX': self.registry.url}
                arguments = [places.get(argument, argument) for argument in arguments]
                report = self.check_report(name.split(), self.raw(*name.split(), *arguments, '--json', code=code))
                if 'stdout' not in report.get('result', {}): # the command's own document
                    jsonschema.validate(report, schema_of('x07-' + report['schema_version'].split('@')[0][4:]))
                    continue
                jsonschema.validate(report, self.wrapper_of(name.split()))
                if own:
                    jsonschema.validate(report['result']['stdout_json'], schema_of(own))

    def test_every_command(self):
        self.assertEqual(sorted(GOOD), self.leaves(), 'a command needs a row in GOOD')
        jsonschema.Draft202012Validator.check_schema(schema_of('x07-tool-root.report'))
        self.run_rows(GOOD)
        self.run_rows(BAD)
        for words in (['lint'], ['ast', 'edit', 'insert-stmts'], ['plugins', 'list']):
            report = self.check_report(words, self.raw(*words, '--no-such', '--json', code=2))
            jsonschema.validate(report, self.wrapper_of(words))
            self.assertIn('--no-such', report['diagnostics'][0]['message'])

    def test_schema(self):
        schema = json.loads(self.raw('ast', 'get', '--json-schema'))
        self.assertEqual(schema, self.wrapper_of(['ast', 'get']))
        self.assertEqual(schema['$id'], 'https://x07.io/spec/x07-tool-ast-get.report.schema.json')
        self.assertEqual(schema['properties']['command'], {'const': 'x07.ast.get'})
        self.assertEqual(self.raw('--json-schema-id', 'ast', 'get'), b'x07.tool.ast.get.report@0.1.0\n')
        self.assertEqual(self.raw('--json-schema-id'), b'x07.tool.root.report@0.1.0\n')
        self.assertEqual(self.raw('run', '--jsonl', '--json-schema-id'), b'x07.tool.events@0.1.0\n')
        self.assertEqual(self.raw('plugins', 'list', '--json-schema-id'), b'x07.plugins.list@0.1.0\n')
        self.assertEqual(json.loads(self.raw('run', '--jsonl', '--json-schema')), schema_of('x07-tool.events'))

    def test_layout_and_files(self):
        canon = json.loads(self.raw('lint', '--input', 'broken.x07.json', '--json', code=1))
        with open(os.path.join(self.folder, 'broken.x07.json'), 'rb') as file:
            content = file.read()
        self.assertEqual(canon['meta']['inputs'], [
            {'path': 'broken.x07.json', 'bytes_len': len(content), 'sha256': hashlib.sha256(content).hexdigest()}])
        self.assertEqual(canon['meta']['cwd'], self.folder)
        self.assertEqual(canon['meta']['argv'][1:], ['lint', '--input', 'broken.x07.json', '--json'])
        self.assertEqual([d['code'] for d in canon['diagnostics']], ['X07-ARITY-IF-0001'])
        pretty = self.raw('lint', '--json', 'pretty', '--input', 'broken.x07.json', '--report-out', 'new/report.json',
                          code=1)
        self.assertEqual(pretty.decode(), json.dumps(json.loads(pretty), indent=2, sort_keys=True) + '\n')
        with open(os.path.join(self.folder, 'new', 'report.json'), 'rb') as file:
            self.assertEqual(file.read(), pretty)
        self.assertEqual(self.raw('lint', '--input', 'main.x07.json', '--json', '--quiet-json', '--report-out', 'quiet.json'),
                         b'')
        self.assertTrue(os.path.getsize(os.path.join(self.folder, 'quiet.json')))
        self.raw('diag', 'catalog', '--format', 'json', '--out', 'catalog.json')
        with open(os.path.join(self.folder, 'catalog.json'), encoding='utf-8') as file:
            jsonschema.validate(json.load(file), schema_of('x07-diag.catalog'))
        written = json.loads(self.raw('build', '--program', 'main.x07.json', '--out', 'out.c', '--json'))
        self.assertEqual([file['path'] for file in written['meta']['outputs']], ['out.c'])

    def test_standard_input_and_binary_output(self):
        read, write = os.pipe()
        os.write(write, b'hello')
        os.close(write)
        with os.fdopen(read, 'rb') as stdin:
            report = json.loads(self.raw('run', '--program', 'main.x07.json', '--repair', 'off', '--stdin', '--json',
                                         stdin=stdin))
        self.assertEqual(report['result']['stdout_json']['solve']['solve_output_b64'], 'aGVsbG8=')
        # A program that itself runs x07 must not meet the mark of the outer one; neither must arguments behind "--".
        self.assertEqual(json.loads(self.raw('run', '--program', 'main.x07.json', '--repair', 'off', '--', '--json'))
                         ['schema_version'], 'x07-os-runner.report@0.3.0')

    def test_events(self):
        lines = self.raw('lint', '--input', 'broken.x07.json', '--jsonl', code=1).decode().splitlines()
        events = [json.loads(line) for line in lines]
        for event in events:
            jsonschema.validate(event, schema_of('x07-tool.events'))
        self.assertEqual([event['seq'] for event in events], list(range(len(events))))
        self.assertEqual((events[0]['event'], events[0]['data']), ('start', {'scope': 'lint'}))
        self.assertEqual(events[-1]['event'], 'final_report')
        chunks = ''.join(event['data']['text'] for event in events if event['event'] == 'stdout_chunk')
        self.assertEqual(chunks, events[-1]['data']['result']['stdout']['text'])
        large = self.raw('guide', '--jsonl').decode().splitlines()
        sizes = [json.loads(line)['data']['bytes_len'] for line in large if '"stdout_chunk"' in line]
        self.assertTrue(sizes and max(sizes) <= 8192)

    def test_wrong_use(self):
        for arguments, messages in {
                ('--json=loud',): ['unsupported --json value "loud"; expected one of: true,false,canon,pretty,off'],
                ('--json', '--jsonl', '--report-out'): ['--report-out requires a path', '--jsonl conflicts with --json=canon'],
                ('--report-json=x', '--json', '--out'): ['unsupported --report-json value "x"; expected one of: true,false',
                                                       '--out requires a path'],
        }.items():
            lines = self.raw('lint', *arguments, code=2).splitlines(True)
            report = json.loads(lines[-1])
            report = report.get('data', report)
            jsonschema.validate(report, json.loads(self.raw('lint', '--json-schema')))
            self.assertEqual([(d['code'], d['message']) for d in report['diagnostics']],
                             [('X07-TOOL-ARGS-0001', message) for message in messages])
        self.assertEqual(self.raw('lint', '--input', 'main.x07.json', '--quiet-json', code=2), b'')
        self.assertIn(b'--quiet-json requires --report-out', self.stderr)
        # A report that cannot be put where it should go is a failure of the interface, not of the command.
        report = json.loads(self.raw('lint', '--input', 'main.x07.json', '--json', '--quiet-json', '--report-out',
                                     'main.x07.json/x', code=3))
        jsonschema.validate(report, json.loads(self.raw('lint', '--json-schema')))
        self.assertEqual(report['diagnostics'][0]['code'], 'X07-INTERNAL-0001')
        self.assertIn('write report: ', report['diagnostics'][0]['data']['panic'])
        failed = json.loads(self.raw('frobnicate', '--json', code=2))
        self.assertEqual((failed['command'], failed['diagnostics'][0]['code']), ('x07', 'X07-TOOL-EXEC-0001'))
        # Off is off, before a command as well.
        self.assertEqual(self.raw('--json=off', '--version'), self.raw('--version'))


if __name__ == '__main__':
    unittest.main()
