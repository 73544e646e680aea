"""run_report_test.py: the reports of `x07 run`, outcome by outcome: each is validated against its closed schema in
spec/, and its bytes against its layout. Programs that no compiler would make are small scripts run as artifacts."""
import base64
import json
import os
import subprocess
import sys
import unittest

import jsonschema

from tool import ECHO, TIMEOUT, Answer, ToolTest, document

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec')
STATS = ('{"fuel_used":2,"heap_used":4,"fs_read_file_calls":0,"fs_list_dir_calls":0,"rr_open_calls":0,'
         '"rr_close_calls":0,"rr_stats_calls":0,"rr_next_calls":0,"rr_next_miss_calls":0,"rr_append_calls":0,'
         '"kv_get_calls":0,"kv_set_calls":0}')
TRAPS = document(['begin', ['view.get_u8', 'input', 99], ['bytes.alloc', 0]])


def schema(name):
    with open(os.path.join(SPEC, name), encoding='utf-8') as file:
        return jsonschema.Draft202012Validator(json.load(file))


def pretty(value):
    return json.dumps(value, indent=2, ensure_ascii=False)


class ReportTest(ToolTest):
    runner_schemas = {'x07-%s-runner.report@0.3.0' % name: schema('x07-%s-runner.report.schema.json' % name)
                      for name in ('os', 'host')}
    run_schema = schema('x07-run.report.schema.json')

    def check_runner(self, answer):
        """Validates a runner report, and that its keys are sorted and its layout is the pretty one."""
        self.assertIsNotNone(answer.report, answer)
        self.validate(self.runner_schemas[answer.report['schema_version']], answer.report, answer)
        expected = json.dumps(answer.report, indent=2, ensure_ascii=False, sort_keys=True) + '\n'
        self.assertEqual(answer.stdout.decode(), expected, answer)
        return answer.report

    def check_wrapped(self, answer):
        """Validates a wrapped or full report; the runner's inside is raw text with its own indentation."""
        self.assertIsNotNone(answer.report, answer)
        self.validate(self.run_schema, answer.report, answer)
        self.validate(self.runner_schemas[answer.report['report']['schema_version']], answer.report['report'], answer)
        inner = json.dumps(answer.report['report'], indent=2, ensure_ascii=False, sort_keys=True)
        self.assertIn('\n  "report": %s' % inner, answer.stdout.decode(), answer)
        return answer.report

    def validate(self, validator, value, answer):
        errors = ['%s: %s' % (list(e.absolute_path), e.message) for e in validator.iter_errors(value)]
        for error in list(validator.iter_errors(value)):
            errors += ['  %s: %s' % (list(e.absolute_path), e.message) for e in error.context or ()]
        self.assertFalse(errors, '%s\n%s' % ('\n'.join(errors), answer))

    def x07(self, *arguments, **keywords):
        """The base class looks at exit_code in a runner report; in the others it lies one level deeper."""
        if not any(mode in arguments for mode in ('wrapped', 'full')):
            return super().x07(*arguments, **keywords)
        done = subprocess.run([self.binary, *arguments], cwd=self.folder, env=self.environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT)
        return Answer([self.binary, *arguments], done.returncode, done.stdout, done.stderr)

    def artifact(self, body, *flags, name='artifact'):
        """Runs a shell script as an artifact and returns the checked flat report."""
        path = self.write('#!/bin/sh\n%s\n' % body, name)
        os.chmod(path, 0o755)
        return self.check_runner(self.x07('run', '--artifact', name, *flags))


class Programs(ReportTest):
    def test_success(self):
        report = self.check_runner(self.run_program(ECHO, '--input-b64', 'aGk='))
        self.assertEqual((report['mode'], report['world'], report['exit_code']), ('compile-run', 'run-os', 0))
        self.assertEqual(report['solve']['solve_output_b64'], 'aGk=')
        self.assertEqual(base64.b64decode(report['solve']['stdout_b64']), b'\2\0\0\0hi')
        self.assertEqual(report['solve']['fuel_used'], 2)

    def test_compile_error(self):
        answer = self.run_program(document(['no.such.head']))
        report = self.check_runner(answer)
        self.assertEqual((report['exit_code'], report['solve'], report['compile']['c_source_size']), (1, None, 0))
        self.assertEqual(report['compile']['native_requires'],
                         {'requires': [], 'schema_version': 'x07.native-requires@0.1.0', 'world': 'run-os'})

    def test_trap(self):
        report = self.check_runner(self.run_program(TRAPS))
        solve = report['solve']
        self.assertEqual((report['exit_code'], solve['ok'], solve['fuel_used']), (1, False, None))
        self.assertTrue(solve['trap'].startswith('view.get_u8 oob'), solve['trap'])
        self.assertGreater(solve['exit_status'], 128)

    def test_fuel_and_memory_limits(self):
        report = self.check_runner(self.run_program(ECHO, '--input-b64', 'aGk=', '--solve-fuel', '1'))
        self.assertEqual(report['solve']['trap'], 'fuel exhausted')
        report = self.check_runner(
            self.run_program(document(['bytes.alloc', 1000000]), '--max-memory-bytes', '100000'))
        self.assertEqual(report['solve']['trap'], 'out of memory')

    def test_c_limit(self):
        report = self.check_runner(self.run_program(ECHO, '--max-c-bytes', '10'))
        self.assertRegex(report['compile']['compile_error'], r'^Budget: C source too large: max_c_bytes=10 got \d+ ')

    def test_wrapped(self):
        answer = self.run_program(ECHO, '--report', 'wrapped')
        report = self.check_wrapped(answer)
        self.assertEqual(list(report), ['schema_version', 'runner', 'world', 'target', 'report'])
        self.assertEqual(list(report['target']),
                         ['kind', 'path', 'project_root', 'lockfile', 'resolved_module_roots'])
        whole = dict(report, report='RUNNER REPORT')
        inner = json.dumps(report['report'], indent=2, ensure_ascii=False, sort_keys=True)
        self.assertEqual(answer.stdout.decode(), pretty(whole).replace('"RUNNER REPORT"', inner) + '\n')

    def test_wrapped_with_repair(self):
        report = self.check_wrapped(self.run_program(ECHO, '--report', 'wrapped', repair='memory'))
        self.assertEqual(list(report), ['schema_version', 'runner', 'world', 'target', 'repair', 'report'])
        self.assertEqual(list(report['repair'].items()), [('mode', 'memory'), ('iterations', 1),
                                                          ('applied_ops_count', 0), ('last_lint_ok', True)])

    def test_full(self):
        first = self.check_wrapped(self.run_program(ECHO, '--report', 'full'))
        second = self.check_wrapped(self.run_program(ECHO, '--report', 'full'))
        self.assertEqual(first['schema_version'], 'x07.run.report@0.2.0')
        self.assertEqual([r['facts']['compile']['cache_hit'] for r in (first, second)], [False, True])
        self.assertEqual(first['facts']['compile']['cache_key'], second['facts']['compile']['cache_key'])
        self.assertEqual(first['facts']['sandbox']['backend_id'], 'x07.sandbox.none')
        self.assertTrue(any(plugin.startswith('x07.runner.os ') for plugin in first['plugins']))

    def test_repair_write_makes_canonical(self):
        path = self.write(json.dumps(ECHO, indent=8))
        report = self.check_runner(self.x07('run', '--program', path))
        self.assertEqual(report['exit_code'], 0)
        with open(path, encoding='utf-8') as file:
            text = file.read()
        self.assertEqual(text, json.dumps(json.loads(text), sort_keys=True, separators=(',', ':')) + '\n')
        self.assertEqual(json.loads(text), ECHO)

    def test_failed_repair_leaves_the_file(self):
        for text, message in (('{"kind":', 'parse x07AST JSON: %s: EOF while parsing a value at line 1 column 8'),
                              ('{"kind":"entry"}', 'repair: missing required field: schema_version at ')):
            answer = self.run_program(text, repair='write')
            path = answer.command[3]
            expected = message.replace('%s', path)
            self.assertEqual((answer.exit, answer.stderr.decode()),
                             (2, 'repair program: %s: %s\n' % (path, expected)), answer)
            with open(path, encoding='utf-8') as file:
                self.assertEqual(file.read(), text)

    def test_report_out(self):
        path = self.write(ECHO)
        answer = self.x07('run', '--program', path, '--report-out', 'deep/er/report.json')
        with open(os.path.join(self.folder, 'deep/er/report.json'), 'rb') as file:
            self.assertEqual(file.read(), answer.stdout)
        done = subprocess.run([self.binary, '--report-out', 'quiet.json', '--quiet-json', 'run', '--program', path],
                              cwd=self.folder, env=self.environment(), capture_output=True, timeout=TIMEOUT)
        self.assertEqual((done.returncode, done.stdout), (0, b''))
        with open(os.path.join(self.folder, 'quiet.json'), 'rb') as file:
            self.assertEqual(json.load(file)['exit_code'], 0)

    def test_compiled_out(self):
        report = self.check_runner(self.run_program(ECHO, '--compiled-out', 'out/echo'))
        path = os.path.join(self.folder, 'out/echo')
        self.assertEqual(report['compile']['compiled_exe'], 'out/echo')
        self.assertEqual(report['compile']['compiled_exe_size'], os.path.getsize(path))
        report = self.check_runner(self.x07('run', '--artifact', 'out/echo', '--', 'a', 'bc'))
        self.assertEqual((report['mode'], report['ok']), ('run-os', True))
        self.assertEqual(base64.b64decode(report['solve_output_b64']), b'\2\0\0\0\1\0\0\0a\2\0\0\0bc')

    def test_debug_borrow_checks(self):
        """Each head that reads counts once; what only names, keeps or cuts a view never does."""
        number = lambda value: ['codec.write_u32_le', value]
        reads = [number(['view.get_u8', 'v', 1]), number(['view.eq', 'v', ['bytes.view_lit', '1234']]),
                 number(['view.cmp_range', 'v', 0, 4, ['bytes.view_lit', '0'], 0, 1]),
                 number(['codec.read_u32_le', 'v', 0]), number(['parse.u32_dec', 'v']), ['bytes.slice', 'v', 1, 2],
                 ['vec_u8.into_bytes', ['vec_u8.extend_bytes', ['vec_u8.with_capacity', 0], 'v']],
                 ['vec_u8.into_bytes', ['vec_u8.extend_bytes_range', ['vec_u8.with_capacity', 0], 'v', 0, 1]],
                 ['io.read', ['io.open_read_bytes', 'v'], 9], ['regex.compile_opts_v1', 'v', 0],
                 number(['map_value.get_bytes_view_i32_v1', ['map_value.set_bytes_view_i32_v1', 'm', 'v', 5],
                         ['bytes.view_lit', '1234'], 6]), ['view.to_bytes', ['view.slice', 'v', 3, 1]]]
        free = [number(['view.len', 'v']), number(['vec_value.push_bytes_view_v1', 'l', 'v']),
                number(['view.len', ['vec_value.get_bytes_view_v1', 'l', 0, 'v']]),
                number(['view.len', ['option_bytes_view.unwrap_or', ['option_bytes_view.some', 'v'], 'v']])]
        expected = [bytes(4)] * 4 + [(1234).to_bytes(4, 'little'), b'23', b'1234', b'1', b'1234']
        stale = document(['begin', ['let', 'h', ['scratch_u8_fixed_v1.new', 16]],
                          ['scratch_u8_fixed_v1.try_write', 'h', ['bytes.view_lit', '1234']],
                          ['let', 'v', ['scratch_u8_fixed_v1.as_view', 'h']],
                          ['let', 'm', ['map_value.new_v1', 4, 1, 4]], ['let', 'l', ['vec_value.with_capacity_v1', 4, 1]],
                          ['let', 'out', ['vec_u8.with_capacity', 0]],
                          ['set', 'out', ['vec_u8.push', 'out', ['view.get_u8', 'v', 0]]],
                          ['scratch_u8_fixed_v1.drop', 'h'],
                          *[['set', 'out', ['vec_u8.extend_bytes', 'out', part]] for part in reads + free],
                          ['vec_u8.into_bytes', 'out']])
        for program, output, violations in ((stale, b'1' + b''.join(expected), len(reads) + 1), (ECHO, b'hi', 0)):
            report = self.check_runner(self.run_program(program, '--debug-borrow-checks', '--input-b64', 'aGk='))
            answer = base64.b64decode(report['solve']['solve_output_b64'])
            self.assertEqual(answer[:len(output)], output)
            self.assertEqual(report['solve']['debug_stats'], {'borrow_violations': violations})

    def test_compiler_account(self):
        path = self.write('#!/bin/sh\necho out; echo broken >&2\nexit 7\n', 'cc')
        os.chmod(path, 0o755)
        answer = self.run_program(ECHO, env=self.environment(X07_CC=path, X07_CC_ARGS='-DA -DB'))
        compiled = self.check_runner(answer)['compile']
        self.assertEqual((compiled['exit_status'], compiled['compile_error']), (7, 'C toolchain failed (exit=7)'))
        self.assertEqual(base64.b64decode(compiled['stdout_b64']), b'out\n')
        account = base64.b64decode(compiled['stderr_b64']).decode()
        self.assertRegex(account, r'\A--- x07 cc invocation ---\ncc: \S+\n\n--- cc argv ---\n(\S+\n)+\n'
                                  r'--- X07_CC_ARGS ---\n-DA -DB\n\n'
                                  r'--- tmp paths ---\nsrc: \S+\nexe: \S+\n\n--- cc stderr ---\nbroken\n\Z')
        self.assertIn('\n-DA\n-DB\n', account)


class Artifacts(ReportTest):
    def test_framed(self):
        report = self.artifact("cat >/dev/null; printf '\\002\\000\\000\\000hi'; echo '%s' >&2" % STATS)
        self.assertEqual((report['ok'], report['exit_code'], report['trap']), (True, 0, None))
        self.assertEqual((report['fuel_used'], report['heap_used'], report['sched_stats']), (2, 4, None))

    def test_world_is_told(self):
        report = self.artifact("printf '\\006\\000\\000\\000%%s' \"$X07_WORLD\"; echo '%s' >&2" % STATS)
        self.assertEqual(base64.b64decode(report['solve_output_b64']), b'run-os')

    def test_a_deterministic_world_gives_nothing(self):
        report = self.artifact("printf '\\000\\000\\000\\000'; /usr/bin/env >&2; /bin/ls -A >&2; pwd >&2; ulimit -n >&2;"
                               "echo '%s' >&2; echo text >file" % STATS, '--host')
        lines = base64.b64decode(report['stderr_b64']).decode().splitlines()
        variables = [line for line in lines[:-3] if not line.startswith('PWD=')]
        self.assertEqual(variables, [], 'environment or files')
        self.assertEqual((lines[-2], os.path.exists(lines[-3])), ('32', False))
        self.assertEqual((report['schema_version'], report['exit_status'], report['mode']),
                         ('x07-host-runner.report@0.3.0', 128 + 25, 'solve'))  # SIGXFSZ
        self.assertNotIn('world', report)

    def test_stats_are_copied_and_sorted(self):
        report = self.artifact("printf '\\000\\000\\000\\000'; echo log line >&2; echo '{\"not\":\"stats\"}' >&2;"
                               "echo '  {\"fuel_used\":9,\"mem_stats\":{\"z\":1,\"a\":[true,null,1.5,\"x\"]}}' >&2")
        self.assertEqual((report['fuel_used'], report['heap_used']), (9, None))
        self.assertEqual(report['mem_stats'], {'a': [True, None, 1.5, 'x'], 'z': 1})

    def test_frames_that_are_wrong(self):
        for body, trap in (
                (':', 'native stdout too short for length prefix'),
                ("printf '\\001\\000'", 'native stdout too short for length prefix'),
                ("printf '\\003\\000\\000\\000hi'", 'native stdout length mismatch: expected 3 got 2'),
                ("printf '\\001\\000\\000\\000hi'", 'native stdout length mismatch: expected 1 got 2'),
                ("printf '\\377\\377\\377\\377'", 'native output too large: 4294967295 > max_output_bytes=1048576')):
            with self.subTest(body=body):
                report = self.artifact("%s; echo '%s' >&2" % (body, STATS))
                self.assertEqual((report['ok'], report['trap'], report['solve_output_b64']), (False, trap, ''))

    def test_missing_stats(self):
        report = self.artifact("printf '\\000\\000\\000\\000'; echo '{\"fuel\":1}' >&2")
        self.assertEqual(report['trap'], 'missing metrics json line on stderr')

    def test_exit_code_keeps_the_output(self):
        report = self.artifact("printf '\\002\\000\\000\\000hi'; echo '%s' >&2; exit 3" % STATS)
        self.assertEqual((report['ok'], report['exit_code'], report['exit_status'], report['trap']),
                         (False, 1, 3, None))
        self.assertEqual(report['solve_output_b64'], 'aGk=')

    def test_last_words_are_the_trap(self):
        report = self.artifact("echo first >&2; printf ' \\377 last \\303\\251 \\n\\n' >&2; kill -ILL $$")
        self.assertEqual((report['trap'], report['exit_status']), ('\ufffd last \u00e9', 132))

    def test_signal(self):
        report = self.artifact('kill -SEGV $$')
        self.assertEqual((report['trap'], report['exit_status']), ('terminated by signal 11', 139))

    def test_output_cap(self):
        report = self.artifact("printf '\\001\\000\\000\\000x'; echo '%s' >&2" % STATS, '--max-output-bytes', '0')
        self.assertEqual(report['trap'], 'native output too large: 1 > max_output_bytes=0')
        report = self.artifact('while :; do echo yyyyyyyyyyyyyyyy; done', '--max-output-bytes', '100')
        self.assertEqual((report['trap'], report['exit_status']), ('stdout exceeded cap', 137))
        self.assertEqual(len(base64.b64decode(report['stdout_b64'])), 105)

    def test_stderr_cap(self):
        report = self.artifact('while :; do echo \'{\'; done >&2')
        self.assertEqual((report['trap'], report['exit_status']), ('stderr exceeded cap', 137))
        self.assertEqual(len(base64.b64decode(report['stderr_b64'])), 262144)

    def test_wall_timeout(self):
        report = self.artifact("printf '\\000\\000\\000\\000'; echo '%s' >&2; sleep 1000" % STATS,
                               '--cpu-time-limit-seconds', '1')
        self.assertEqual((report['trap'], report['exit_status'], report['solve_output_b64'], report['fuel_used']),
                         ('timed out', 137, '', None))

    def test_cpu_limit(self):
        report = self.artifact('while :; do :; done', '--cpu-time-limit-seconds', '1')
        self.assertIn((report['trap'], report['exit_status']),
                      [('terminated by signal 9', 137), ('timed out', 137)])

    def test_no_process_is_left(self):
        mark = 'x07-left-behind-%d' % os.getpid()
        self.artifact("sh -c 'sleep 1000; : %s' & printf '\\000\\000\\000\\000'; echo '%s' >&2" % (mark, STATS))
        alive = subprocess.run(['pgrep', '-f', mark], capture_output=True, text=True, check=False).stdout.split()
        self.assertEqual([pid for pid in alive if not self.is_zombie(pid)], [])

    def is_zombie(self, pid):
        try:
            with open('/proc/%s/stat' % pid, encoding='utf-8') as file:
                return file.read().rsplit(')', 1)[1].split()[0] == 'Z'
        except OSError:
            return True

    def test_not_executable(self):
        path = self.write('data', 'artifact')
        os.chmod(path, 0o644)
        answer = self.x07('run', '--artifact', path)
        self.assertEqual((answer.exit, answer.stderr.decode()),
                         (2, '%s: Permission denied (os error 13)\n' % path), answer)
        answer = self.x07('run', '--artifact', 'absent')
        self.assertEqual(answer.stderr.decode(),
                         'canonicalize artifact path: absent: No such file or directory (os error 2)\n', answer)

    def test_large_input_is_streamed(self):
        size = 64 * 1024 * 1024
        path = os.path.join(self.folder, 'large')
        with open(path, 'wb') as file:
            file.truncate(size)
        script = self.write("#!/bin/sh\nn=$(wc -c)\nprintf '\\010\\000\\000\\000%%s' $n; echo '%s' >&2\n" % STATS,
                            'artifact')
        os.chmod(script, 0o755)
        probe = ('import os,resource,subprocess,sys;'
                 'p=subprocess.Popen(sys.argv[1:]);_,s,u=os.wait4(p.pid,0);'
                 'print(u.ru_maxrss,file=sys.stderr);sys.exit(os.waitstatus_to_exitcode(s))')
        done = subprocess.run([sys.executable, '-c', probe, self.binary, 'run', '--artifact', script, '--input', path],
                              cwd=self.folder, env=self.environment(), capture_output=True, timeout=TIMEOUT,
                              check=False)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(base64.b64decode(json.loads(done.stdout)['solve_output_b64']), b'%d' % (size + 4))
        self.assertLess(int(done.stderr) * 1024, size, 'the host held the input in memory')


class Inputs(ReportTest):
    def test_pipe_without_writer(self):
        os.mkfifo(os.path.join(self.folder, 'pipe'))
        answer = self.run_program(ECHO, '--input', 'pipe')
        self.assertEqual((answer.exit, answer.stderr),
                         (2, b'read input: pipe: the named pipe has no writer\n'), answer)

    def test_pipe_with_writer(self):
        path = os.path.join(self.folder, 'pipe')
        os.mkfifo(path)
        keeper = os.open(path, os.O_RDWR)
        os.write(keeper, b'through a pipe')
        writer = os.open(path, os.O_WRONLY)
        os.close(keeper)
        keeper = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with subprocess.Popen([self.binary, 'run', '--program', self.write(ECHO), '--repair', 'off', '--input', 'pipe'],
                              cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE) as tool:
            while not any(self.has_open(tool.pid, path)):
                self.assertIsNone(tool.poll())
            os.close(keeper)
            os.close(writer)
            stdout, _ = tool.communicate(timeout=TIMEOUT)
        report = json.loads(stdout)
        self.assertEqual(base64.b64decode(report['solve']['solve_output_b64']), b'through a pipe')

    def has_open(self, pid, path):
        folder = '/proc/%d/fd' % pid
        try:
            names = os.listdir(folder)
        except OSError:
            return
        for name in names:
            try:
                yield os.readlink(os.path.join(folder, name)) == path
            except OSError:
                continue

    def test_base64(self):
        for data, message in (('!', 'Invalid symbol 33, offset 0.'), ('QQ', 'Invalid padding')):
            answer = self.run_program(ECHO, '--input-b64', data)
            self.assertEqual((answer.exit, answer.stderr.decode()),
                             (2, 'decode --input-b64: %s\n' % message), answer)
        self.assertEqual(self.run_program(ECHO, '--input-b64', ' aGk=\n').report['solve']['solve_output_b64'], 'aGk=')

    def test_arguments(self):
        answer = self.run_program(ECHO, 'tool', '--help', '-x')
        self.assertEqual(base64.b64decode(answer.report['solve']['solve_output_b64']),
                         b'\3\0\0\0\4\0\0\0tool\6\0\0\0--help\2\0\0\0-x', answer)


class Usage(ReportTest):
    def test_rules(self):
        path = self.write(ECHO)
        for flags, message in (
                (['--program', path, '--artifact', path], 'set exactly one of --project, --program, or --artifact'),
                ([], 'no project found (pass --project, --program, or --artifact)'),
                (['--program', path, '--host', '--os'], '--host and --os are mutually exclusive'),
                (['--program', path, '--runner', 'host', '--world', 'run-os'],
                 'host runner is incompatible with --world run-os'),
                (['--program', path, '--profile', 'p'],
                 '--profile requires a project manifest (--project or a discovered x07.json)'),
                (['--artifact', path, '--module-root', '.'], '--module-root is only valid with --program'),
                (['--program', path, '--policy', 'p'], '--policy is only valid for --world run-os-sandboxed'),
                (['--program', path, '--compile-only'],
                 '--compile-only is only valid for deterministic solve worlds'),
                (['--program', path, '--quiet-json'], '--quiet-json requires --report-out <PATH>'),
                (['--program', path, '--report-out', '-'],
                 "--report-out '-' is not supported (stdout is reserved for the report)")):
            with self.subTest(flags=flags):
                answer = self.x07('run', *flags)
                self.assertEqual((answer.exit, answer.stderr.decode()), (2, message + '\n'), answer)

    def test_grammar(self):
        for arguments, start in (
                (['run', '--bogus'], "error: unexpected argument '--bogus' found\n"),
                (['run', '--stdin', '--input', 'x'],
                 "error: the argument '--input <PATH>' cannot be used with '--stdin'\n"),
                (['run', '--repair', 'maybe'], "error: invalid value 'maybe' for '--repair <MODE>'\n"
                 "  [possible values: off, memory, write]\n"),
                (['bogus'], "error: unrecognized subcommand 'bogus'\n"),
                ([], 'missing subcommand (try --help)\n')):
            with self.subTest(arguments=arguments):
                answer = self.x07(*arguments)
                self.assertEqual((answer.exit, answer.stderr.decode()[:len(start)]), (2, start), answer)

    def test_pages(self):
        for arguments, part in ((['--version'], 'x07 0.1.41\n'), (['-V'], 'x07 0.1.41\n'), (['--help'], 'Commands:'),
                                (['help'], 'Commands:'), (['help', 'run'], '--program <PATH>'),
                                (['run', '--help'], '--program <PATH>'), (['run', '-h'], 'Usage: x07 run [OPTIONS]')):
            with self.subTest(arguments=arguments):
                done = subprocess.run([self.binary, *arguments], capture_output=True, text=True, timeout=TIMEOUT,
                                      check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ''))
                self.assertIn(part, done.stdout)

    def test_unknown_backend(self):
        answer = self.run_program(ECHO, '--sandbox-backend', 'no-such')
        self.assertEqual(answer.exit, 2, answer)
        self.assertIn(b'no-such', answer.stderr)


if __name__ == '__main__':
    unittest.main()
