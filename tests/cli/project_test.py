"""project_test.py: `x07 run`, `check`, `build` and x07c in real projects: dependencies, who decides what, where the program runs,
plugins that profiles name, links that lead out of the workspace."""
import base64
import hashlib
import json
import os
import subprocess
import unittest

from tool import TIMEOUT, ToolTest, document


def module(name, *functions, **fields):
    """A module whose functions take and return i32; a function is a name and its body."""
    decls = [{'kind': 'export', 'names': ['%s.%s' % (name, function) for function, _ in functions]}]
    decls += [{'kind': 'defn', 'name': '%s.%s' % (name, function), 'params': [{'name': 'x', 'ty': 'i32'}],
               'result': 'i32', 'body': body} for function, body in functions]
    doc = {'schema_version': 'x07.x07ast@0.5.0', 'kind': 'module', 'module_id': name, 'imports': [], 'decls': decls}
    return {**doc, **fields}


ECHO = document(['view.to_bytes', 'input'])
SUM = document(['codec.write_u32_le', ['+', ['dep.m.twice', 20], ['local.one', 0]]], imports=['dep.m', 'local'])


class ProjectTest(ToolTest):
    def put(self, value, path):
        os.makedirs(os.path.dirname(os.path.join(self.folder, path)), exist_ok=True)
        return self.write(value, path)

    def project(self, entry=ECHO, at='', **members):
        self.put(entry, at + 'src/main.x07.json')
        self.put({'schema_version': 'x07.project@0.3.0', 'world': 'run-os', 'entry': 'src/main.x07.json',
                  'module_roots': ['src'], **members}, at + 'x07.json')

    def dependency(self, at='', path='.x07/deps/dep/1.0.0'):
        """A package with the module dep.m, and the lock of a project that depends on it."""
        package = {'schema_version': 'x07.package@0.1.0', 'name': 'dep', 'version': '1.0.0', 'module_root': 'm',
                   'modules': ['dep.m']}
        files = {'x07-package.json': package, 'm/dep/m.x07.json': module('dep.m', ('twice', ['*', 'x', 2]))}
        digests = {}
        for name, value in files.items():
            with open(self.put(value, at + path + '/' + name), 'rb') as file:
                digests[name] = hashlib.sha256(file.read()).hexdigest()
        entry = {'name': 'dep', 'version': '1.0.0', 'path': path}
        self.put({'schema_version': 'x07.lock@0.3.0', 'dependencies': [
            {**entry, 'package_manifest_sha256': digests['x07-package.json'], 'module_root': 'm',
             'modules_sha256': {'dep.m': digests['m/dep/m.x07.json']}}]}, at + 'x07.lock.json')
        return [entry]

    def run_in(self, folder, *arguments, **settings):
        """Exit code, report or None, stderr."""
        done = subprocess.run([self.binary, 'run', *arguments], cwd=os.path.join(self.folder, folder),
                              env=self.environment(**settings), capture_output=True, timeout=120,
                              stdin=subprocess.DEVNULL)
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr.decode()

    def output(self, report):
        solve = report.get('report', report)['solve']
        self.assertTrue(solve and solve['ok'], report)
        return base64.b64decode(solve['solve_output_b64'])

    def test_dependencies(self):
        dependencies = self.dependency()
        self.project(SUM, dependencies=dependencies)
        self.put(module('local', ('one', ['+', 'x', 1])), 'src/local.x07.json')
        code, report, errors = self.run_in('src', '--report', 'wrapped')
        self.assertEqual((code, errors), (0, ''))
        self.assertEqual(self.output(report), b'\x29\0\0\0')
        self.assertEqual(report['target']['resolved_module_roots'][:2],
                         [self.folder + '/src', self.folder + '/.x07/deps/dep/1.0.0/m'])
        subprocess.run([self.binary, 'check', '--project', 'x07.json'], cwd=self.folder, env=self.environment(),
                       capture_output=True, check=True)
        done = subprocess.run([self.binary, 'build', '--project', 'x07.json'], cwd=self.folder, env=self.environment(),
                              capture_output=True, check=True)
        self.assertIn(b'x07rt.h', done.stdout)
        with open(os.path.join(self.folder, '.x07/deps/dep/1.0.0/m/dep/m.x07.json'), 'a', encoding='utf-8') as file:
            file.write('\n')
        message = 'lockfile module hashes mismatch for "dep"\n'
        self.assertEqual(self.run_in('')[::2], (2, message))
        done = subprocess.run([self.binary, 'build', '--project', 'x07.json', '--out', 'c'], cwd=self.folder,
                              env=self.environment(), capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr.decode()), (2, 'load project: verify lockfile: ' + message))
        self.assertFalse(os.path.exists(os.path.join(self.folder, 'c')))

    def test_who_decides(self):
        self.project(profiles={'os': {'world': 'run-os', 'input': 'in.txt', 'solve_fuel': 1},
                               'pure': {'world': 'solve-pure', 'input': 'in.txt', 'cc_profile': 'size'}})
        self.put('of the profile', 'in.txt')
        self.assertEqual(self.run_in('src')[0], 1)  # no fuel
        code, report, _ = self.run_in('src', '--solve-fuel', '100', '--report', 'wrapped')
        self.assertEqual((code, self.output(report)), (0, b'of the profile'))
        code, report, _ = self.run_in('src', '--profile', 'pure', '--report', 'wrapped', '--', 'a')
        self.assertEqual((code, self.output(report)), (0, b'\1\0\0\0\1\0\0\0a'))
        self.assertEqual((report['world'], report['runner']), ('solve-pure', 'host'))
        code, report, _ = self.run_in('', '--profile', 'pure', '--world', 'run-os', '--report', 'wrapped')
        self.assertEqual(report['world'], 'run-os')

    def test_profile_names_a_plugin(self):
        self.project(profiles={'a': {'world': 'run-os', 'plugin': 'x07.runner.os'},
                               'b': {'world': 'run-os', 'plugin': 'com.example.nobody'}})
        self.assertEqual(self.run_in('', '--profile', 'a')[0], 0)
        code, _, errors = self.run_in('', '--profile', 'b')
        self.assertEqual(code, 2)
        self.assertIn('com.example.nobody', errors)

    def test_repair_in_memory_is_the_project(self):
        self.project(document(['let', 'n', 2, ['bytes.alloc', 'n']]), link={'libs': ['m']})
        code, report, _ = self.run_in('', '--repair', 'memory', '--report', 'wrapped')
        self.assertEqual((code, report['report']['mode']), (0, 'project-compile-run'))
        with open(os.path.join(self.folder, 'src/main.x07.json'), encoding='utf-8') as file:
            self.assertIn('["let", "n", 2, ', file.read())

    def test_link_arguments_reach_the_compiler(self):
        self.project(link={'libs': ['x07-no-such-library'], 'search_paths': ['lib']})
        code, report, _ = self.run_in('', X07_NATIVE_COMPILER='cc')
        self.assertEqual(code, 1)
        said = base64.b64decode(report['compile']['stderr_b64']).decode()
        self.assertIn('\n-L\n%s/lib\n-l\nx07-no-such-library\n' % self.folder, said)

    def test_relative_cache_folder(self):
        self.project(at='p/')
        code, _, errors = self.run_in('', '--project', 'p', X07_NATIVE_CACHE_DIR='cache')
        self.assertEqual((code, errors), (0, ''))

    def test_hints_and_broken_contracts_find_the_project(self):
        broken = module('local', ('one', ['begin', ['let', 'b', ['bytes.alloc', 1]], ['let', 'c', 'b'],
                                            ['bytes.len', ['bytes.view', 'b']]]))
        self.project(document(['codec.write_u32_le', ['local.one', 0]], imports=['local']), at='p/')
        self.put(broken, 'p/src/local.x07.json')
        code, _, errors = self.run_in('p/src')
        self.assertEqual(code, 1)
        self.assertIn('hint: x07 ast get --in %s/p/src/local.x07.json --ptr /decls/1/body/' % self.folder, errors)
        held = module('local', ('one', 'x'))
        held['decls'][1]['requires'] = [{'expr': ['=', 'x', 1], 'id': 'r1'}]
        self.put(held, 'p/src/local.x07.json')
        self.assertEqual(self.run_in('p/src')[0], 1)
        clause = 'id_' + hashlib.sha256(b'r1').hexdigest()
        self.assertTrue(os.path.exists(os.path.join(self.folder, 'p/.x07/artifacts/contract', clause, 'repro.json')))

    def test_workspace(self):
        self.put(module('shared', ('three', ['+', 'x', 3])), 'lib/shared.x07.json')
        self.project(document(['codec.write_u32_le', ['shared.three', 1]], imports=['shared']), at='app/',
                     module_roots=['src', '$workspace/lib'])
        os.mkdir(os.path.join(self.folder, '.git'))
        code, report, errors = self.run_in('app')
        self.assertEqual((code, errors), (0, ''))
        self.assertEqual(self.output(report), b'\4\0\0\0')
        os.rename(os.path.join(self.folder, 'lib'), os.path.join(self.scratch, 'lib'))
        os.symlink(os.path.join(self.scratch, 'lib'), os.path.join(self.folder, 'lib'))
        code, _, errors = self.run_in('app')
        self.assertEqual(code, 2)
        self.assertIn('$workspace path escapes workspace root: "$workspace/lib" -> ', errors)

    def test_what_is_missing(self):
        self.project(entry=ECHO, dependencies=[{'name': 'a', 'version': '1.0.0', 'path': 'd'}])
        code, _, errors = self.run_in('')
        self.assertEqual((code, errors.split(':')[0]), (2, '[X07LOCK_READ] read lockfile'))
        self.assertIn('(hint: run `x07 pkg lock`): No such file', errors)
        self.project(entry=ECHO)
        os.unlink(os.path.join(self.folder, 'src/main.x07.json'))
        code, _, errors = self.run_in('', '--repair', 'off')
        self.assertEqual((code, '[X07ENTRY_READ] read entry: ' in errors), (2, True), errors)
        self.put('{"schema_version": [', 'x07.json')
        self.assertEqual(self.run_in('')[0], 2)

    def x07c(self, *arguments, code=0, errors=''):
        done = subprocess.run([self.binary + 'c', *arguments], cwd=self.folder, env=self.environment(), timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (code, errors), arguments)
        return done.stdout

    def test_x07c(self):
        """The compiler alone gives what `x07 build` gives, and the lock that was checked."""
        self.project(entry=SUM, dependencies=self.dependency(), world='solve-pure')
        self.put(module('local', ('one', ['+', 'x', 1])), 'src/local.x07.json')
        built = subprocess.run([self.binary, 'build', '--project', 'x07.json', '--repair=off'], cwd=self.folder,
                               env=self.environment(), capture_output=True, text=True, check=True).stdout
        self.assertEqual(self.x07c('build', '--project', 'x07.json'), built)
        self.assertEqual(self.x07c('compile', '--program', 'src/main.x07.json', '--module-root', 'src', '--module-root',
                                   '.x07/deps/dep/1.0.0/m'), built)
        self.assertEqual(self.x07c('build', '--project', 'x07.json', '--out', 'o/c.c', '--emit-c-header', 'o/c.h',
                                   '--freestanding', '--emit-mono-map', 'o/map.json'), '')
        with open(os.path.join(self.folder, 'o/map.json'), encoding='utf-8') as file:
            found = json.load(file)
        self.assertEqual((found['schema_version'], found['items']), ('x07.mono.map@0.1.0', []))
        self.assertEqual(sorted(os.listdir(os.path.join(self.folder, 'o'))), ['c.c', 'c.h', 'map.json'])
        lock = self.x07c('lock', '--project', 'x07.json')
        with open(os.path.join(self.folder, 'x07.lock.json'), encoding='utf-8') as file:
            self.assertEqual(json.loads(lock), json.load(file))
        self.assertEqual(self.x07c('lock', '--project', 'x07.json', '--out', 'o/lock'), '')
        with open(os.path.join(self.folder, 'o/lock'), encoding='utf-8') as file:
            self.assertEqual((file.read(), lock[-1]), (lock, '}'))

    def test_x07c_on_what_is_wrong(self):
        self.put(document(['no.such']), 'm.x07.json')
        for arguments, errors in (
                (('build', '--project', 'x07.json'), 'load project: [X07PROJECT_READ] read project: x07.json: '),
                (('lock', '--project', 'x07.json'), 'load project manifest: [X07PROJECT_READ] read project: x07.json: '),
                (('compile', '--program', 'no.x07.json'), 'read program: no.x07.json: ')):
            with self.subTest(arguments=arguments):
                self.x07c(*arguments, code=2, errors=errors + 'No such file or directory (os error 2)\n')
        self.x07c('compile', '--program', 'm.x07.json', '--out', 'c', '--emit-mono-map', 'm', code=2,
                  errors='compile failed: Unsupported: unsupported head: "no.such" (fn=solve)\n')
        self.x07c('compile', '--program', 'm.x07.json', '--world', 'run-os', '--freestanding', code=2,
                  errors='compile failed: Unsupported: freestanding profile currently supports only --world solve-pure\n')
        self.assertEqual(os.listdir(self.folder), ['m.x07.json'])


if __name__ == '__main__':
    unittest.main()
