"""pkg_test.py: `x07 pkg` on an index that is a folder: what each command does and reports, and how it says no."""
import fcntl
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import unittest

import packages
from pkg_tool import PkgTest
from tool import document

PATCH_HINT = 'hint: use project.patch'


class Add(PkgTest):
    def test_only_the_line(self):
        report = self.pkg('add', 'acme-str@1.2.0')
        self.assertEqual(report['result'], {'project': self.app + '/x07.json', 'name': 'acme-str', 'version': '1.2.0',
                                            'path': '.x07/deps/acme-str/1.2.0'})
        self.assertEqual(self.manifest()['dependencies'],
                         [{'name': 'acme-str', 'version': '1.2.0', 'path': '.x07/deps/acme-str/1.2.0'}])
        self.assertEqual(self.read('x07.json').decode(),
                         json.dumps(self.manifest(), indent=2, sort_keys=True) + '\n', 'sorted-pretty')
        self.assertEqual(self.installed(), [])

    def test_unknown_members_stay(self):
        self.set_project(extra={'b': 1, 'a': 2}, dependencies=[
            {'name': 'b', 'version': '1.0.0', 'path': 'vendor/b', 'note': 'mine'}])
        self.pkg('add', 'acme-str@1.2.0')
        self.assertEqual(self.manifest()['extra'], {'a': 2, 'b': 1})
        self.assertEqual(self.manifest()['dependencies'][1]['note'], 'mine')

    def test_newest(self):
        for version in ('0.9.0', '0.10.0', '1.0.0-rc.1'):
            self.registry.publish('acme-str', version)
        self.registry.publish('acme-str', '2.0.0', yanked=True)
        self.registry.publish('acme-new', '0.1.0-alpha')
        self.registry.publish('acme-new', '0.1.0-beta.2')
        self.registry.publish('acme-new', '0.1.0-beta.11')
        self.registry.publish('acme-gone', yanked=True)
        index = ('--index', self.registry.url)
        self.assertEqual(self.pkg('add', 'acme-str', *index)['result']['version'], '0.10.0')
        self.assertEqual(self.pkg('add', 'acme-new', X07_PKG_INDEX_URL=self.registry.url)['result']['version'],
                         '0.1.0-beta.11')
        self.assertEqual(self.refused('add', 'acme-gone', *index),
                         ('X07PKG_INDEX_NO_MATCH', 'no non-yanked semver versions found for "acme-gone"'))
        self.assertEqual(self.refused('add', 'acme-str2')[0], 'X07PKG_INDEX_CONFIG', 'no index is set')
        shown = self.pkg('versions', 'acme-str', *index)['result']
        self.assertEqual(shown, {'index': self.registry.url, 'name': 'acme-str', 'versions': [
            {'version': v, 'yanked': v == '2.0.0'} for v in ('0.9.0', '0.10.0', '1.0.0-rc.1', '2.0.0')]})

    def test_bad_specs(self):
        for spec, message in {
                ' ': 'package spec must be non-empty',
                '@1.0.0': 'package name must be non-empty',
                'Acme': 'package name must match ^[a-z][a-z0-9_-]*$: got "Acme"',
                '../x@1.0.0': 'package name must match ^[a-z][a-z0-9_-]*$: got "../x"',
                'acme@': 'package version must be non-empty',
                'acme@1.2': 'package version must be semver (MAJOR.MINOR.PATCH), got "1.2"',
                'acme@1.2.3/..': 'package version must be semver (MAJOR.MINOR.PATCH), got "1.2.3/.."'}.items():
            self.assertEqual(self.refused('add', spec), ('X07PKG_SPEC_INVALID', message))
        for arguments in ((), ('a', 'b'), ('--no-such', 'a'), (b'acme\xff',)):
            self.pkg('add', *arguments, code=2)
        self.assertIn('dependencies[0].path must not contain', self.pkg('add', 'a@1.0.0', '--path', '../a', code=2))

    def test_exists(self):
        self.pkg('add', 'acme-str@1.0.0')
        code, message = self.refused('add', 'acme-str@2.0.0')
        self.assertEqual(code, 'X07PKG_DEP_EXISTS')
        self.assertIn('dependency already exists: acme-str@1.0.0 (requested acme-str@2.0.0)', message)
        self.assertEqual(self.refused('add', 'acme-str', '--path', 'vendor/x')[1],
                         'dependency already exists: acme-str@1.0.0 with path ".x07/deps/acme-str/1.0.0" '
                         '(requested path "vendor/x")')
        self.assertEqual(self.pkg('add', 'acme-str@1.0.0')['result']['path'], '.x07/deps/acme-str/1.0.0')

    def test_closure_and_sync(self):
        self.registry.publish('acme-app', requires=['acme-b@1.0.0', ' acme-a@1.0.0 ', '', 'acme-a@1.0.0'])
        self.registry.publish('acme-a', requires=['acme-c@1.0.0'])
        self.registry.publish('acme-b')
        self.registry.publish('acme-c')
        index = ('--index', self.registry.url)
        report = self.pkg('add', 'acme-app', '--with-closure', *index)['result']
        everything = ['acme-%s@1.0.0' % name for name in ('a', 'app', 'b', 'c')]
        self.assertEqual(report['transitive_added'], ['acme-a@1.0.0', 'acme-b@1.0.0', 'acme-c@1.0.0'])
        self.assertNotIn('lock', report)
        self.assertEqual(self.dependencies(), everything)
        self.assertEqual(self.installed(), everything)
        self.assertFalse(os.path.exists(self.app + '/x07.lock.json'))
        self.pkg('lock', '--offline')
        self.assertEqual([d['name'] for d in self.lock()['dependencies']], ['acme-a', 'acme-app', 'acme-b', 'acme-c'])
        self.registry.publish('acme-d')
        lock = self.pkg('add', 'acme-d', '--sync', *index)['result']['lock']
        self.assertEqual([f['name'] for f in lock['fetched']], ['acme-d'])
        self.assertEqual(self.lock()['dependencies'][0]['yanked'], False)
        removed = self.pkg('remove', 'acme-d', '--sync', *index)['result']
        self.assertEqual(removed['removed'], 1)
        self.assertEqual(self.dependencies(), everything)
        self.assertIn('acme-d@1.0.0', self.installed(), 'what was fetched stays')
        self.pkg('remove', 'acme-a', '--sync', *index)
        self.assertEqual(self.dependencies(), everything, 'it is still required')
        self.assertEqual(self.refused('remove', 'acme-none'), ('X07PKG_DEP_NOT_FOUND',
                                                               'dependency not found: acme-none'))

    def test_failure_leaves_all(self):
        self.registry.publish('acme-app', requires=['acme-none@1.0.0'])
        self.registry.publish('acme-odd', requires=['acme none'])
        self.registry.publish('acme-lies', data=packages.archive(packages.files_of('acme-other', '1.0.0')))
        index = ('--index', self.registry.url)
        code, message = self.refused('add', 'acme-app', '--sync', *index)
        self.assertEqual(code, 'X07PKG_INDEX_FETCH')
        self.assertIn('fetch index entries for "acme-none": read ', message)
        self.assertIn('expected NAME@VERSION, got "acme none"', self.pkg('add', 'acme-odd', '--sync', *index, code=2))
        self.assertIn('unpacked package identity mismatch: expected "acme-lies"@"1.0.0" got "acme-other"@"1.0.0"',
                      self.pkg('add', 'acme-lies', '--sync', *index, code=2))
        self.assertEqual(self.refused('add', 'acme-app@9.0.0', '--sync', *index),
                         ('X07PKG_INDEX_NO_MATCH', 'no index entry for "acme-app"@"9.0.0" '
                          '(hint: run `x07 pkg versions acme-app`)'))
        self.assertEqual(self.dependencies(), [])

    def test_interrupted(self):
        """A signal while a command waits for the project ends it without a trace."""
        holder = os.open(self.app, os.O_RDONLY)
        self.addCleanup(os.close, holder)
        fcntl.flock(holder, fcntl.LOCK_EX)
        before = self.state()
        waiting = subprocess.Popen([self.binary, 'pkg', 'add', 'acme@1.0.0'], cwd=self.app, env=self.environment(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with self.assertRaises(subprocess.TimeoutExpired):
            waiting.wait(timeout=0.3)
        waiting.send_signal(signal.SIGTERM)
        self.assertEqual(waiting.wait(timeout=60), -signal.SIGTERM)
        self.assertEqual(self.state(), before)

    def test_at_once(self):
        """Eight commands on one project: each adds its line."""
        running = [subprocess.Popen([self.binary, 'pkg', 'add', 'acme-%d@1.0.0' % n], cwd=self.app,
                                    env=self.environment(), stdout=subprocess.DEVNULL) for n in range(8)]
        self.assertEqual([each.wait(timeout=60) for each in running], [0] * 8)
        self.assertEqual(self.dependencies(), ['acme-%d@1.0.0' % n for n in range(8)])


class Lock(PkgTest):
    def setUp(self):
        super().setUp()
        self.index = ('--index', self.registry.url)

    def test_check(self):
        self.registry.publish('acme-a')
        self.assertEqual(self.refused('lock', '--check')[0], 'X07PKG_LOCK_MISSING')
        self.pkg('lock')
        self.assertEqual(self.pkg('lock', '--check')['result'], {
            'project': self.app + '/x07.json', 'index': None, 'lockfile': self.app + '/x07.lock.json', 'fetched': []})
        self.pkg('add', 'acme-a@1.0.0')
        self.assertEqual(self.refused('lock', '--offline'),
                         ('X07PKG_OFFLINE_MISSING_DEP', '1 missing dependencies (offline mode)'))
        code, message = self.refused('lock', '--check', *self.index)
        self.assertEqual((code, message), ('X07PKG_LOCK_MISMATCH', self.app + '/x07.lock.json would change'))
        self.pkg('lock', *self.index)
        self.pkg('lock', '--check', *self.index)
        self.pkg('lock', '--check', '--offline')
        self.write('{}', 'app/.x07/deps/acme-a/1.0.0/modules/acme/a.x07.json')
        self.assertEqual(self.refused('lock', '--check', '--offline')[0], 'X07PKG_LOCK_MISMATCH')
        self.write('{"schema_version": 1}', 'app/x07.lock.json')
        self.assertIn('parse lockfile JSON: ', self.pkg('lock', '--offline', code=2))

    def test_yanked_and_advised(self):
        advised = packages.advisory('acme-b', '1.0.0', 'A-2')
        withdrawn = packages.advisory('acme-c', '1.0.0', 'A-3', withdrawn_at_utc='2026-02-01T00:00:00Z')
        self.registry.publish('acme-a', yanked=True)
        self.registry.publish('acme-b', advisories=[advised, packages.advisory('acme-b', '1.0.0', 'A-1')])
        self.registry.publish('acme-c', advisories=[withdrawn])
        for name in 'abc':
            self.pkg('add', 'acme-%s@1.0.0' % name)
        self.pkg('lock', *self.index)
        first, second = self.lock()['dependencies'][:2]
        self.assertIs(first['yanked'], True)
        self.assertEqual([a['id'] for a in second['advisories']], ['A-1', 'A-2'])
        self.assertEqual(second['advisories'][1], advised)
        self.assertEqual(self.refused('lock', '--check', *self.index),
                         ('X07PKG_YANKED_DEP', 'lockfile contains yanked dependencies: acme-a@1.0.0 (%s or bump; '
                          'allow with --allow-yanked)' % PATCH_HINT))
        self.assertEqual(self.refused('lock', '--check', '--allow-yanked', *self.index),
                         ('X07PKG_ADVISED_DEP', 'lockfile contains dependencies with active advisories: acme-b@1.0.0: '
                          'A-1 (do not use), A-2 (do not use) (%s or bump; allow with --allow-advisories)' % PATCH_HINT))
        self.pkg('lock', '--check', '--allow-yanked', '--allow-advisories', *self.index)
        self.pkg('lock', '--check', '--offline')
        locked = self.read('x07.lock.json')
        self.pkg('lock', '--offline')
        self.assertEqual(self.read('x07.lock.json'), locked, 'what the index said is kept')
        versions = self.pkg('versions', 'acme-b', *self.index)['result']['versions']
        self.assertEqual((versions[0]['advisories_count'], versions[0]['advisories'][0]),
                         (2, {'id': 'A-1', 'kind': 'security', 'severity': 'high', 'summary': 'do not use'}))

    def test_patch(self):
        self.registry.publish('acme-app', requires=['acme-a@1.0.0', 'acme-b@1.0.0'])
        self.registry.publish('acme-a', '1.0.1')
        shutil.copytree(self.package('acme-b', '3.0.0'), os.path.join(self.app, 'vendor', 'b'))
        self.set_project(schema_version='x07.project@0.2.0', patch={
            'acme-a': {'version': '1.0.1'}, 'acme-b': {'version': '3.0.0', 'path': 'vendor/b'}})
        self.pkg('add', 'acme-app@1.0.0', code=2)
        self.assertEqual(self.refused('lock', '--check')[1],
                         'project.patch requires schema_version x07.project@0.3.0 (run `x07 pkg lock` to update x07.json)')
        self.pkg('lock')
        self.assertEqual(self.manifest()['schema_version'], 'x07.project@0.3.0')
        self.pkg('add', 'acme-app@1.0.0', '--sync', *self.index)
        self.assertEqual(self.dependencies(), ['acme-a@1.0.1', 'acme-app@1.0.0', 'acme-b@3.0.0'])
        self.assertEqual(self.manifest()['dependencies'][2]['path'], 'vendor/b')
        self.assertEqual([d.get('overridden_by') for d in self.lock()['dependencies']], ['acme-a', None, 'acme-b'])
        self.registry.publish('acme-a', '1.0.2')
        self.set_project(patch={'acme-a': {'version': '1.0.2'}}, dependencies=self.manifest()['dependencies'][:2])
        code, message = self.refused('lock', '--check', *self.index)
        self.assertEqual(code, 'X07PKG_INDEX_FETCH', message)
        self.registry.publish('acme-b')
        code, message = self.refused('lock', '--check', *self.index)
        self.assertEqual((code, message), (
            'X07PKG_TRANSITIVE_MISSING', 'project dependencies are out of date (run `x07 pkg lock` to update x07.json) '
            '(patched: acme-a@1.0.2; missing: acme-b@1.0.0)'))

    def test_missing_on_disk(self):
        self.set_project(dependencies=[{'name': n, 'version': '1.0.0', 'path': 'vendor/' + n} for n in ('b', 'a')])
        self.assertEqual(self.refused('lock'), (
            'X07PKG_LOCAL_MISSING_DEP', 'local dependencies are missing on disk: a@1.0.0 (%s/vendor/a), b@1.0.0 '
            '(%s/vendor/b)' % (self.app, self.app)))
        self.set_project(patch={'b': {'version': '2.0.0', 'path': 'other'}}, dependencies=self.manifest()['dependencies'])
        self.assertEqual(self.refused('lock'), (
            'X07PKG_PATCH_MISSING_DEP', 'patched dependencies are missing on disk: b@2.0.0 (%s/other)' % self.app))
        self.set_project(patch={'b': {'version': 'two'}})
        self.assertEqual(self.refused('lock'), ('X07PKG_SPEC_INVALID', 'project.patch["b"].version must be semver '
                                                '(MAJOR.MINOR.PATCH), got "two"'))

    def test_conflict(self):
        self.registry.publish('acme-app', requires=['acme-a@2.0.0'])
        self.registry.publish('acme-a')
        self.pkg('add', 'acme-a@1.0.0')
        self.assertIn('dependency version conflict: project has acme-a@1.0.0, but "acme-a@2.0.0" is required by '
                      'acme-app@1.0.0 (hint: use project.patch to override acme-a)',
                      self.pkg('add', 'acme-app', '--sync', *self.index, code=2))

    def test_bundled(self):
        root = os.path.join(self.folder, 'toolchain')
        shutil.copytree(self.package('acme-b', '1.0.0'), os.path.join(root, 'packages/ext/x07-acme-b/1.0.0'))
        self.pkg('add', 'acme-b@1.0.0')
        self.assertEqual(self.pkg('lock', '--offline', X07_REPO_ROOT=root)['result']['fetched'], [])
        self.assertEqual(self.installed(), ['acme-b@1.0.0'])

    def test_damaged_cache(self):
        self.registry.publish('acme-a')
        self.pkg('add', 'acme-a', '--sync', *self.index)
        cache = os.path.join(self.app, '.x07', 'cache', 'sha256')
        self.write(b'damaged', os.path.join(cache, os.listdir(cache)[0]))
        shutil.rmtree(os.path.join(self.app, '.x07', 'deps'))
        self.assertIn('cached archive sha256 mismatch: expected ', self.pkg('lock', *self.index, code=2))

    def test_way_out(self):
        """Neither the path of a dependency nor a link in it leads what is fetched elsewhere."""
        self.registry.publish('acme-a')
        outside = os.path.join(self.folder, 'outside')
        os.makedirs(os.path.join(outside, '1.0.0'))
        self.write('mine', 'outside/1.0.0/precious')
        os.makedirs(os.path.join(self.app, '.x07', 'deps'))
        os.symlink(outside, os.path.join(self.app, '.x07', 'deps', 'acme-a'))
        self.pkg('add', 'acme-a@1.0.0')
        self.assertIn('leads out of the project', self.pkg('lock', *self.index, code=2))
        self.assertEqual(os.listdir(os.path.join(outside, '1.0.0')), ['precious'])
        with open(self.registry.path('dl/acme-a/1.0.0/download'), 'rb') as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        shutil.rmtree(os.path.join(self.app, '.x07'))
        os.makedirs(os.path.join(self.app, '.x07/cache/sha256'))
        os.symlink(outside + '/1.0.0/precious', '%s/.x07/cache/sha256/%s.part' % (self.app, digest))
        self.assertEqual(self.refused('lock', *self.index)[0], 'X07PKG_DOWNLOAD_FAILED')
        shutil.rmtree(os.path.join(self.app, '.x07'))
        os.makedirs(os.path.join(outside, 'tmp', 'mine'))
        os.symlink(outside, os.path.join(self.app, '.x07'))
        self.assertIn('leads out of the project', self.pkg('lock', *self.index, code=2))
        self.assertEqual(sorted(os.listdir(outside)), ['1.0.0', 'tmp'])
        self.assertEqual(os.listdir(outside + '/tmp'), ['mine'])
        with open(outside + '/1.0.0/precious', encoding='utf-8') as file:
            self.assertEqual(file.read(), 'mine')
        os.remove(os.path.join(self.app, '.x07'))
        for path in ('.x07/deps/.', '.x07/deps//'):
            self.set_project(dependencies=[{'name': 'acme-a', 'version': '1.0.0', 'path': path}])
            self.assertIn('dependency path must be below .x07/deps', self.pkg('lock', *self.index, code=2))

    def package(self, name, version):
        folder = os.path.join(self.folder, 'source', name)
        for path, content in packages.files_of(name, version).items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            self.write(content, os.path.join('source', name, path))
        return folder


class Index(PkgTest):
    def test_bad_indexes(self):
        for url, message in {
                'file:///x/index': "index url must end with '/': got \"file:///x/index\" "
                                   '(example: sparse+https://host/index/)',
                'index/': 'invalid index url: "index/" (expected URL): relative URL without a base',
                'http://user@host/': 'invalid index url: "http://user@host/" (expected URL): '
                                     'user names are not supported',
                'ftp://host/': 'fetch index config.json: unsupported url scheme "ftp" for ftp://host/config.json',
                'file:///nowhere/': 'fetch index config.json: read /nowhere/config.json: No such file or directory '
                                    '(os error 2)'}.items():
            self.assertEqual(self.refused('versions', 'acme', '--index', url), ('X07PKG_INDEX_CONFIG', message))
        self.registry.write('index/config.json', b'{"dl": "file:///x"}')
        self.assertIn('missing field `api`', self.refused('versions', 'acme', '--index', self.registry.url)[1])

    def test_bad_entries(self):
        good = {'schema_version': 'x07.index-entry@0.1.0', 'name': 'abc', 'version': '1.0.0', 'cksum': 'a' * 64,
                'yanked': False}
        other = [packages.advisory('abc', '2.0.0', 'A')]
        for entry, message in ((None, 'parse ndjson line 2: null: '), ({'cksum': '../x'}, 'cksum must be 64 hex digits'),
                               ({'schema_version': 'x'}, 'index entry schema_version mismatch: expected '
                                'x07.index-entry@0.1.0 got "x"'), ({'yanked': 'no'}, 'parse ndjson line 2: {'),
                               ({'advisories': other}, 'advisory identity mismatch: expected "abc"@"1.0.0" got '
                                '"abc"@"2.0.0"')):
            self.registry.write('index/3/a/abc', b'\n' + json.dumps(entry and {**good, **entry}).encode())
            code, text = self.refused('versions', 'abc', '--index', self.registry.url)
            self.assertEqual(code, 'X07PKG_INDEX_FETCH')
            self.assertIn('parse index file: file://', text)
            self.assertIn(message, text)
        self.registry.write('index/3/a/abc', b'\xff')
        self.assertIn('index file is not utf-8', self.refused('versions', 'abc', '--index', self.registry.url)[1])
        self.registry.write('index/3/a/abc', b'')
        self.assertEqual(self.refused('versions', 'abc', '--index', self.registry.url),
                         ('X07PKG_INDEX_NO_MATCH', 'no semver versions found for "abc"'))

    def test_provides(self):
        self.registry.publish('acme-a', modules=['acme.a', 'std.text'])
        os.mkdir(os.path.join(self.app, 'src'))
        self.write(packages.module('acme.a'), 'app/src/acme.x07.json')
        self.pkg('add', 'acme-a', '--sync', '--index', self.registry.url)
        root = self.app + '/.x07/deps/acme-a/1.0.0/modules'
        dependency = {'kind': 'dependency', 'name': 'acme-a', 'version': '1.0.0', 'module_root': root}
        catalog = {'kind': 'catalog', 'name': 'ext-text', 'version': '0.1.2'}
        for module, providers in {
                'acme.a': [dependency], 'std.text': [catalog, dependency],
                'std.bytes': [{'kind': 'builtin', 'name': 'std.bytes'}],
                'acme': [{'kind': 'local', 'name': 'acme', 'module_root': self.app + '/src'}]}.items():
            self.assertEqual(self.pkg('provides', module)['providers'], providers)
        self.assertEqual(self.pkg('provides', 'no.such', code=1)['providers'], [])
        self.assertEqual(self.pkg('provides', '', code=2), 'module id must be non-empty\n')
        self.write('{}', 'app/.x07/deps/acme-a/1.0.0/modules/acme/a.x07.json')
        self.assertIn('module hashes mismatch', self.pkg('provides', 'acme.a', code=2))

    def test_login(self):
        home = os.path.join(os.path.dirname(self.folder), 'home')
        path = os.path.join(home, 'credentials.json')
        first = self.pkg('login', '--index', 'https://Host.example:443/a/../index/', '--token', ' one ')['result']
        self.assertEqual(first, {'index': 'https://Host.example:443/a/../index/', 'credentials_path': path})
        os.chmod(path, 0o644)
        self.write('two\n', '../token')
        with open(os.path.join(home, '..', 'token'), 'rb') as token:
            self.pkg('login', '--index', 'file:///x/', '--token-stdin', stdin=token)
        with open(path, encoding='utf-8') as file:
            self.assertEqual(json.load(file), {'schema_version': 'x07.credentials@0.1.0', 'tokens': {
                'sparse+file:///x/': 'two', 'sparse+https://host.example/index/': 'one'}})
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        for arguments, message in ((('file:///x/', ' '), 'token must be non-empty'),
                                   (('file:///x/', 'a b'), 'token must be printable ASCII without white space'),
                                   (('file:///x', 't'), "index url must end with '/'"), (('x', 't'), 'invalid index')):
            code, text = self.refused('login', '--index', arguments[0], '--token', arguments[1])
            self.assertEqual(code, 'X07PKG_LOGIN_FAILED')
            self.assertIn(message, text)
        self.write('{', path)
        self.assertEqual(self.refused('login', '--index', 'file:///x/', '--token', 't')[0], 'X07PKG_LOGIN_FAILED')
        os.remove(path)
        os.remove(os.path.join(home, '..', 'token'))

    def test_run_adds_what_is_missing(self):
        self.registry.publish('ext-text', '0.1.2', modules=['std.text'], requires=['acme-a@1.0.0'])
        self.registry.publish('acme-a')
        os.mkdir(os.path.join(self.app, 'src'))
        self.write(document(['begin', ['let', 'n', ['std.text.f']], ['view.to_bytes', 'input']], imports=['std.text']),
                   'app/src/main.x07.json')
        run = ('run', '--project', self.app + '/x07.json')
        environment = {'X07_PKG_INDEX_URL': self.registry.url}
        self.assertEqual(self.x07(*run, '--repair', 'off', env=self.environment(**environment)).exit, 1)
        answer = self.x07(*run, env=self.environment())
        self.assertEqual(answer.exit, 1, answer)
        self.assertIn(b'x07 run: auto-deps failed: no package index is set', answer.stderr)
        self.assertEqual(self.dependencies(), [])
        answer = self.x07(*run, env=self.environment(**environment))
        self.assertEqual(answer.exit, 0, answer)
        self.assertEqual(answer.stderr.decode(),
                         'x07 run: auto-adding dependency ext-text@0.1.2 (missing module std.text)\n')
        self.assertEqual(self.dependencies(), ['acme-a@1.0.0', 'ext-text@0.1.2'])


if __name__ == '__main__':
    unittest.main()
