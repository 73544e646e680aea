"""packages.py: makes packages and an index of them, a plain folder, for tests of `x07 pkg`. Archives are made by Python,
not by x07: the two must agree. Knows nothing of servers."""
import hashlib
import io
import json
import os
import tarfile


def module(name):
    """A module that exports NAME.f, an i32 function."""
    return json.dumps({'schema_version': 'x07.x07ast@0.5.0', 'kind': 'module', 'module_id': name, 'imports': [],
                       'decls': [{'kind': 'export', 'names': [name + '.f']},
                                 {'kind': 'defn', 'name': name + '.f', 'params': [], 'result': 'i32', 'body': 7}]})


def manifest(name, version, modules, requires=()):
    return json.dumps({'schema_version': 'x07.package@0.1.0', 'name': name, 'version': version, 'module_root': 'modules',
                       'modules': list(modules), 'meta': {'requires_packages': list(requires)}})


def files_of(name, version, modules=None, requires=()):
    """Path in the archive to content, of a package with these modules (default: one, named after the package)."""
    modules = [name.replace('-', '.')] if modules is None else modules
    files = {'modules/%s.x07.json' % each.replace('.', '/'): module(each) for each in modules}
    files['x07-package.json'] = manifest(name, version, modules, requires)
    return files


def archive(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=tarfile.GNU_FORMAT) as tar:
        for path in sorted(files):
            member = tarfile.TarInfo(path)
            member.size = len(files[path].encode())
            tar.addfile(member, io.BytesIO(files[path].encode()))
    return out.getvalue()


def entries_path(name):
    if len(name) < 3:
        return '%d/%s' % (len(name), name)
    if len(name) == 3:
        return '3/%s/%s' % (name[0], name)
    return '%s/%s/%s' % (name[:2], name[2:4], name)


class Registry:
    """An index in `folder`/index/ with its archives in `folder`/dl/. `base` is the URL of `folder`, which may change."""

    def __init__(self, folder, base=None):
        self.folder = folder
        self.configure(base or 'file://' + folder)

    def configure(self, base):
        self.base = base
        self.url = 'sparse+%s/index/' % base
        self.write('index/config.json', json.dumps({'dl': base + '/dl/', 'api': base + '/api'}).encode())

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'wb') as out:
            out.write(data)

    def publish(self, name, version='1.0.0', modules=None, requires=(), data=None, cksum=None, **fields):
        """Adds a version; `data` is another archive than that of the package, `cksum` another digest than its own."""
        data = archive(files_of(name, version, modules, requires)) if data is None else data
        self.write('dl/%s/%s/download' % (name, version), data)
        entry = {'schema_version': 'x07.index-entry@0.1.0', 'name': name, 'version': version,
                 'cksum': cksum or hashlib.sha256(data).hexdigest(), 'yanked': False, **fields}
        old = b''
        if os.path.exists(self.path('index/' + entries_path(name))):
            with open(self.path('index/' + entries_path(name)), 'rb') as file:
                old = file.read()
        self.write('index/' + entries_path(name), old + json.dumps(entry).encode() + b'\n')


def advisory(name, version, identifier, **fields):
    return {'schema_version': 'x07.pkg.advisory@0.1.0', 'id': identifier, 'package': name, 'version': version,
            'kind': 'security', 'severity': 'high', 'summary': 'do not use', 'created_at_utc': '2026-01-01T00:00:00Z',
            **fields}


def project(**fields):
    return {'schema_version': 'x07.project@0.3.0', 'world': 'run-os', 'entry': 'src/main.x07.json',
            'module_roots': ['src'], 'dependencies': [], **fields}
