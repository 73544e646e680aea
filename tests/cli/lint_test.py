"""lint_test.py: `x07 lint`, `x07 fix` and `x07 diag` beyond their recorded answers: codes that no answer has, files that
cannot be written, documents made to be slow, and that fixed programs mean what they should."""
import json
import os
import shlex
import stat
import subprocess
import unittest

from tool import ToolTest, document, shorten


def module(decls, name='m', **fields):
    return document(None, kind='module', module_id=name, decls=decls, **fields)


def function(name, params, result, body, **fields):
    return dict({'kind': 'defn', 'name': name, 'params': [{'name': n, 'ty': t} for n, t in params], 'result': result,
                 'body': body}, **fields)


class LintTest(ToolTest):
    def call(self, *arguments, code=0):
        """Runs a command whose report is not a runner's; returns stdout and stderr."""
        command = [self.binary, *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120)
        self.assertEqual(done.returncode, code, 'ran: %s\nstdout: %s\nstderr: %s' %
                         (shlex.join(command), shorten(done.stdout), shorten(done.stderr)))
        return done.stdout.decode(), done.stderr.decode()

    def lint(self, doc, *flags, code=1):
        self.write(doc)
        return json.loads(self.call('lint', '--input', 'main.x07.json', *flags, code=code)[0])

    def found(self, doc, *flags, code=1):
        return [(d['code'], d['loc']['ptr']) for d in self.lint(doc, *flags, code=code)['diagnostics']]


class Findings(LintTest):
    def test_branches_of_two_types(self):
        doc = document(['begin', ['let', 'x', ['if', 1, 2, ['bytes.alloc', 0]]], ['bytes.alloc', 0]])
        report = self.lint(doc)
        self.assertEqual([d['code'] for d in report['diagnostics']], ['X07-TYPE-IF-0002'])
        self.assertEqual(report['diagnostics'][0]['data'], {'file': 'main.x07.json', 'then': 'i32', 'else': 'bytes'})

    def test_request_heads_need_their_world(self):
        doc = document(['rr.next_v1', 'input'], schema_version='x07.x07ast@0.3.0')
        self.assertEqual(self.found(doc, '--world', 'solve-kv'), [('X07-WORLD-RR-0001', '/solve')])
        self.assertEqual(self.found(doc, '--world', 'solve-rr', code=0), [])

    def test_time_zones_are_of_every_world(self):
        solve = ['begin', ['os.time.tzdb_snapshot_id_v1'], ['os.time.local_tzid_v1']]
        self.assertEqual(self.found(document(solve), '--world', 'solve-pure'), [('X07-WORLD-OS-0002', '/solve/2')])

    def test_world_of_a_sandbox_has_no_raw_pointers(self):
        doc = document(['begin', ['unsafe', ['ptr.cast', 'p']], ['bytes.alloc', 0]], schema_version='x07.x07ast@0.3.0')
        self.assertEqual(self.found(doc, '--world', 'run-os-sandboxed'),
                         [('X07-WORLD-UNSAFE-0001', '/solve/1'), ('X07-WORLD-UNSAFE-0001', '/solve/1/1')])

    def test_places_are_those_of_the_canonical_form(self):
        doc = document(['bytes.alloc', 0], decls=[function('main.z', [], 'i32', ['if', 1]),
                                                  function('main.a', [], 'i32', 1)])
        self.assertEqual(self.found(doc), [('X07-ARITY-IF-0001', '/decls/1/body')])

    def test_report_goes_where_it_is_told(self):
        self.write(document(['begin']))
        out, _ = self.call('lint', '--input', 'main.x07.json', '--report-out', 'r.json', '--quiet-json', code=1)
        self.assertEqual(out, '')
        with open(os.path.join(self.folder, 'r.json'), encoding='utf-8') as file:
            self.assertFalse(json.load(file)['ok'])

    def test_bytes_that_are_no_text(self):
        self.write(b'{"a":"\xff"}')
        out, err = self.call('lint', '--input', 'main.x07.json', code=2)
        self.assertEqual(out, '')
        self.assertIn('parse x07ast JSON: main.x07.json: ', err)

    def test_many_owners_of_one_view(self):
        """Each view may borrow from all the owners before it: the sets must not be copied."""
        statements = [['let', 'o0', ['bytes.alloc', 1]], ['let', 'v0', ['bytes.view', 'o0']]]
        for i in range(1, 20000):
            statements += [['let', 'o%d' % i, ['bytes.alloc', 1]],
                           ['let', 'v%d' % i, ['if', 1, 'v%d' % (i - 1), ['bytes.view', 'o%d' % i]]]]
        doc = document(['view.to_bytes', ['begin', *statements, 'v19999']], schema_version='x07.x07ast@0.3.0')
        report = self.lint(doc)
        self.assertEqual([d['code'] for d in report['diagnostics']], ['X07-BORROW-0002'])
        self.assertEqual(report['diagnostics'][0]['message'].count(', '), 19999)

    def test_many_views_in_a_condition(self):
        names = ['n%05d' % i for i in range(20000)]
        condition = ['f', *[['bytes.view', n] for n in names]]
        branch = ['f', *[['bytes.view', 'x' + n] for n in names], ['bytes.view', names[-1]]]
        report = self.lint(document(['if', condition, branch, 0], schema_version='x07.x07ast@0.3.0'))
        self.assertEqual([d['code'] for d in report['diagnostics']], ['X07-MOVE-0002'])


class Fixes(LintTest):
    def fix(self, doc, *flags, code=0):
        """Fixes in place; returns the new document."""
        path = self.write(doc)
        self.call('fix', '--input', 'main.x07.json', '--write', *flags, code=code)
        with open(path, encoding='utf-8') as file:
            return json.load(file)

    def output(self, doc, input_b64='YWJj'):
        self.write(doc)
        answer = self.x07('run', '--program', 'main.x07.json', '--repair', 'off', '--input-b64', input_b64)
        self.assertEqual(answer.exit, 0, answer)
        return answer.report['solve']['solve_output_b64']

    def test_two_owners_get_two_copies(self):
        body = ['begin', ['let', 'a', ['bytes.alloc', 3]], ['let', 'b', ['bytes.alloc', 5]],
                ['if', ['<', ['view.len', ['bytes.view', 'b']], ['view.len', ['bytes.view', 'a']]],
                 ['view.to_bytes', ['bytes.view', 'b']], ['view.to_bytes', ['bytes.view', 'a']]]]
        fixed = self.fix(document(body, schema_version='x07.x07ast@0.3.0'))
        self.assertEqual(self.output(fixed), 'AAAA')

    def test_names_of_fixes_are_fresh(self):
        body = ['begin', ['let', '_x07_tmp_copy', ['bytes.alloc', 2]], ['let', 'a', ['bytes.alloc', 3]],
                ['if', ['view.len', ['bytes.view', 'a']],
                 ['bytes.concat', ['view.to_bytes', ['bytes.view', 'a']], '_x07_tmp_copy'], ['bytes.alloc', 0]]]
        fixed = self.fix(document(body, schema_version='x07.x07ast@0.3.0'))
        self.assertIn('_x07_tmp_copy_2', json.dumps(fixed))
        self.assertEqual(self.output(fixed), 'AAAAAAA=')

    def test_fixes_that_disturb_each_other_wait(self):
        body = ['let', 'x', 0, ['begin', ['let', 'v', ['bytes.view', ['bytes.alloc', 1]]], ['view.to_bytes', 'v']]]
        fixed = self.fix(document(body, schema_version='x07.x07ast@0.3.0'))
        self.assertEqual(json.dumps(fixed).count('bytes.alloc'), 1)
        self.assertEqual(self.output(fixed), 'AA==')

    def test_file_keeps_its_mode_and_its_link(self):
        path = self.write(document(['let', 'a', 1, ['bytes.alloc', 'a']]))
        os.chmod(path, 0o640)
        os.symlink('main.x07.json', os.path.join(self.folder, 'link.x07.json'))
        self.call('fix', '--input', 'link.x07.json', '--write')
        self.assertTrue(os.path.islink(os.path.join(self.folder, 'link.x07.json')))
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o640)

    def test_document_that_would_be_nested_too_deep(self):
        body = ['let', 'a', 1, 2]
        for _ in range(124):
            body = ['+', body, 1]
        doc = document(['bytes.alloc', body], schema_version='x07.x07ast@0.3.0')
        path = self.write(doc)
        with open(path, 'rb') as file:
            before = file.read()
        self.call('lint', '--input', 'main.x07.json', code=1)
        _, err = self.call('fix', '--input', 'main.x07.json', '--write', code=2)
        self.assertIn('fix: main.x07.json: ', err)
        with open(path, 'rb') as file:
            self.assertEqual(file.read(), before)

    def test_fixed_twice_is_fixed_once(self):
        body = ['for', 'k', 0, 2, ['let', 'y', 0], ['set', 'y', 7], 0]
        once = self.fix(document(['begin', body, ['bytes.alloc', 0]], schema_version='x07.x07ast@0.3.0'))
        self.assertEqual(self.fix(once), once)

    def test_suggestion_is_a_document_without_findings(self):
        decls = [function('m.pick_%s' % t, [('x', t), ('n', 'i32')], t, 'x') for t in ('bytes', 'bytes_view')]
        doc = module([{'kind': 'export', 'names': [d['name'] for d in decls]}, *decls],
                     schema_version='x07.x07ast@0.3.0')
        self.write(doc)
        out, _ = self.call('fix', '--input', 'main.x07.json', '--suggest-generics')
        patch = json.loads(out)['patches'][0]['patch'][0]
        self.assertEqual([d['name'] for d in patch['value']['decls'][1:]],
                         ['m.pick', 'm.pick_bytes', 'm.pick_bytes_view'])
        self.assertIn('m.pick', patch['value']['decls'][0]['names'])
        self.assertEqual(self.found(patch['value'], code=0), [])


class Repair(LintTest):
    def test_memory_leaves_the_file(self):
        path = self.write(document(['let', 'n', 6, ['bytes.alloc', 'n']], schema_version='x07.x07ast@0.3.0'))
        with open(path, 'rb') as file:
            before = file.read()
        out, _ = self.call('run', '--program', 'main.x07.json', '--report', 'wrapped', '--repair', 'memory')
        self.assertEqual(json.loads(out)['repair'], {'mode': 'memory', 'iterations': 2, 'applied_ops_count': 1,
                                                     'last_lint_ok': True})
        with open(path, 'rb') as file:
            self.assertEqual(file.read(), before)

    def test_rounds_end_and_the_rest_is_reported(self):
        body = ['bytes.alloc', 'n1']
        for i in range(4, 0, -1):
            body = ['let', 'n%d' % i, i, body]
        self.write(document(body, schema_version='x07.x07ast@0.3.0'))
        out, _ = self.call('run', '--program', 'main.x07.json', '--report', 'wrapped', '--repair-max-iters', '2', code=1)
        self.assertEqual(json.loads(out)['repair'], {'mode': 'write', 'iterations': 2, 'applied_ops_count': 7,
                                                     'last_lint_ok': False})


class Codes(LintTest):
    def test_unknown_code(self):
        _, err = self.call('diag', 'explain', 'X07-NONE', code=2)
        self.assertEqual(err, 'diagnostic code not found in catalog: X07-NONE\n')

    def test_codes_of_validation(self):
        valid = document(['view.to_bytes', 'input'])
        for doc, code in ((dict(valid, schema_version='x07.x07ast@9.0.0'), 'X07-SCHEMA-0002'),
                          (dict(valid, extra=1), 'X07-SCHEMA-0001')):
            self.write(doc)
            self.call('ast', 'validate', '--in', 'main.x07.json', '--x07diag', 'd.json', code=20)
            with open(os.path.join(self.folder, 'd.json'), encoding='utf-8') as file:
                self.assertEqual([d['code'] for d in json.load(file)['diagnostics']], [code])

    def test_sarif(self):
        findings = [
            {'code': 'X07-B-0001', 'severity': 'hint', 'stage': 'lint', 'message': 'm', 'loc': {'kind': 'x07ast', 'ptr': '/solve'}},
            {'code': 'X07-A-0001', 'severity': 'warning', 'stage': 'lint', 'message': 'n', 'notes': ['lost'], 'loc': {
                'kind': 'text', 'span': {'start': {'line': 3, 'col': 4}, 'end': {'line': 2, 'col': 9}, 'file': 'f'},
                'snippet': '  s '}},
            {'code': 'X07-B-0001', 'severity': 'error', 'stage': 'run', 'message': 'o'}]
        self.write({'schema_version': 'x07.x07diag@0.1.0', 'diagnostics': findings}, 'd.json')
        self.assertEqual(self.call('diag', 'sarif', '--in', 'd.json', '--out', 'd.sarif'), ('wrote: d.sarif\n', ''))
        with open(os.path.join(self.folder, 'd.sarif'), encoding='utf-8') as file:
            text = file.read()
        sarif = json.loads(text)
        self.assertEqual(text, json.dumps(sarif, sort_keys=True, separators=(',', ':')))
        self.assertEqual(sarif['version'], '2.1.0')
        self.assertEqual([(rule['id'], rule['name'], rule['shortDescription']['text'])
                          for rule in sarif['runs'][0]['tool']['driver']['rules']],
                         [(code, code, 'x07 diagnostic ' + code) for code in ('X07-A-0001', 'X07-B-0001')])
        self.assertEqual(sarif['runs'][0]['results'], [
            {'ruleId': 'X07-B-0001', 'level': 'note', 'message': {'text': 'm'},
             'locations': [{'logicalLocations': [{'fullyQualifiedName': '/solve'}]}]},
            {'ruleId': 'X07-A-0001', 'level': 'warning', 'message': {'text': 'n'},
             'locations': [{'physicalLocation': {'artifactLocation': {'uri': 'f'}, 'region': {
                 'startLine': 3, 'startColumn': 4, 'endLine': 3, 'endColumn': 4, 'snippet': {'text': 's'}}}}]},
            {'ruleId': 'X07-B-0001', 'level': 'error', 'message': {'text': 'o'}}])
        # What lint prints goes in as it is.
        self.write(document(['if', 1]))
        self.write(self.call('lint', '--input', 'main.x07.json', code=1)[0], 'd.json')
        self.call('diag', 'sarif', '--in', 'd.json', '--out', 'd.sarif')
        for arguments, message in ((('--in', 'd.json'), 'diag sarif: missing --out <PATH>'),
                                   (('--in', 'd.json', '--out', '-'), "--out '-' is not supported"),
                                   (('--in', 'main.x07.json', '--out', 'x'), 'not an x07diag document: main.x07.json: ')):
            _, err = self.call('diag', 'sarif', *arguments, code=2)
            self.assertTrue(err.startswith(message), err)

    def test_program_that_is_missing(self):
        out, _ = self.call('check', '--program', 'nope.x07.json', code=1)
        self.assertEqual([d['code'] for d in json.loads(out)['diagnostics']], ['X07-IO-READ-0001'])

    def test_stale_catalog(self):
        self.call('diag', 'catalog', '--format', 'json', '--out-json', 'c.json')
        self.call('diag', 'catalog', '--format', 'json', '--out-json', 'c.json', '--check')
        self.write(b'{}', 'c.json')
        _, err = self.call('diag', 'catalog', '--format', 'json', '--out-json', 'c.json', '--check', code=1)
        self.assertEqual(err, 'error: file out of date: c.json\n')


class SingleFiles(LintTest):
    """x07c, beyond its recorded answers."""

    def report(self, *arguments, code, stdin=subprocess.DEVNULL):
        done = subprocess.run([self.binary + 'c', *arguments, '--report-json'], cwd=self.folder, stdin=stdin,
                              capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (code, b''), done.stdout)
        report = json.loads(done.stdout)
        self.assertEqual(report['exit_code'], code)
        return [(d['code'], d['message']) for d in report.get('diagnostics', [])]

    def test_reports(self):
        self.write({})
        self.assertEqual(self.report('fix', '--input', 'main.x07.json', '--write', code=2),
                         [('X07-FIX-0003', 'missing required field: schema_version at ')])
        loose = os.path.join(self.folder, 'loose')
        self.write(json.dumps(document(['bytes.alloc', 0]), indent=1), 'loose')
        for arguments in (('fmt', '--write'), ('fix', '--write')):
            read, write = os.pipe()
            with open(loose, 'rb') as file, os.fdopen(write, 'wb') as pipe:
                pipe.write(file.read())
            with os.fdopen(read, 'rb') as stdin:
                self.assertEqual(self.report(*arguments, '--input', '/dev/stdin', code=2, stdin=stdin),
                                 [('X07-IO-WRITE-0001', 'write /dev/stdin: not a regular file')])
        self.assertEqual(self.report('fmt', '--write', '--input', 'loose', code=0), [])
        self.assertEqual(self.report('fmt', '--check', '--input', 'loose', code=0), [])
        # What remains wrong after the fixes is in the report.
        self.write(document(['let', 'a', 1, ['if', 1]]))
        self.assertEqual(self.report('fix', '--write', '--input', 'main.x07.json', code=1),
                         [('X07-ARITY-IF-0001', 'if expects 3 args; got 1')])

    def test_the_rest(self):
        run = lambda *words: subprocess.run([self.binary + 'c', *words], capture_output=True, text=True, check=True).stdout
        self.assertEqual(run('lang-id'), 'x07-core@0.2.0\n')
        self.assertEqual(run('guide'), self.call('guide')[0] + '\n')
        self.assertEqual(json.loads(run('--cli-specrows'))['app']['name'], 'x07c')


if __name__ == '__main__':
    unittest.main()
