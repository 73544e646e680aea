"""vm_files_test.py: x07-vm-files, which serves shared roots, against a guest whose kernel is hostile: it is spoken to as
such a kernel would, without a guest. What honest kernels ask of it is in vm_test.py."""
import errno
import os
import random
import shutil
import socket
import struct
import subprocess
import tempfile
import unittest

PROGRAM = os.environ['X07_VM_FILES']
(LOOKUP, FORGET, GETATTR, SETATTR, READLINK, SYMLINK, MKNOD, MKDIR, UNLINK, RMDIR, RENAME, LINK, OPEN, READ, WRITE) = (
    1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16)
RELEASE, INIT, OPENDIR, READDIR, CREATE, READDIRPLUS, RENAME2, NO_CALL = 18, 26, 27, 28, 35, 44, 45, 999
SILENT = (FORGET, 36, 42)
TOPMOST, NOWHERE, EXCHANGE = 1, 0x1234567, 2
ENV = dict(os.environ, ASAN_OPTIONS='detect_leaks=0')  # its filter leaves no way to look for them
HEADER, REPLY = struct.Struct('<IIQQIIII'), struct.Struct('<IiQ')


def text(*names):
    return b''.join(name.encode() + b'\0' for name in names)


class Guest:
    """The kernel's end of the socket."""

    def __init__(self, *roots, begin=True):
        ours, theirs = socket.socketpair()
        self.socket = ours
        ours.settimeout(60)
        self.process = subprocess.Popen([PROGRAM] + list(roots), stdin=theirs, stderr=subprocess.PIPE, text=True,
                                        env=ENV)
        theirs.close()
        if begin:
            self.init()

    def init(self):
        return self.call(INIT, 0, struct.pack('<IIII', 7, 37, 1 << 20, 0xffffffff))

    def send(self, opcode, node, body, unique=7):
        self.socket.sendall(HEADER.pack(HEADER.size + len(body), opcode, unique, node, 0, 0, 0, 0) + body)

    def receive(self):
        size, error, unique = REPLY.unpack(self.take(REPLY.size))
        return -error, self.take(size - REPLY.size), unique

    def take(self, size):
        data = b''
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise EOFError('the server ended: ' + self.process.stderr.read())
            data += more
        return data

    def call(self, opcode, node, body=b''):
        """The error, or 0, and the data of the reply."""
        self.send(opcode, node, body)
        return self.receive()[:2]

    def find(self, node, name):
        error, data = self.call(LOOKUP, node, text(name))
        return struct.unpack_from('<Q', data)[0] if not error else -error

    def open(self, node, flags=os.O_RDONLY, opcode=OPEN):
        error, data = self.call(opcode, node, struct.pack('<II', flags, 0))
        return struct.unpack_from('<Q', data)[0] if not error else -error

    def read(self, node, handle, opcode=READ, size=4096):
        return self.call(opcode, node, struct.pack('<QQIIQII', handle, 0, size, 0, 0, 0, 0))

    def write(self, node, handle, data, said=None):
        size = len(data) if said is None else said
        return self.call(WRITE, node, struct.pack('<QQIIQII', handle, 0, size, 0, 0, 0, 0) + data)[0]

    def end(self):
        self.socket.close()
        status = self.process.wait(60)
        said = self.process.stderr.read()
        self.process.stderr.close()
        return status, said


class Hostile(unittest.TestCase):
    def setUp(self):
        self.base = os.path.realpath(tempfile.mkdtemp(prefix='x07-files-'))
        self.addCleanup(shutil.rmtree, self.base)
        for folder in ('in', 'out', 'out/sub', 'outside'):
            os.mkdir(os.path.join(self.base, folder))
        for name in ('in/file', 'out/file', 'out/sub/deep', 'outside/secret'):
            self.put(name, name)
        os.symlink('../outside', self.path('out/link'))
        self.guest = self.serve('read', self.path('in'), 'write', self.path('out'), 'read', self.path('outside/secret'),
                                'read', self.path('missing'))
        self.ro, self.rw = self.guest.find(TOPMOST, '0'), self.guest.find(TOPMOST, '1')

    def serve(self, *roots, **more):
        guest = Guest(*roots, **more)
        self.addCleanup(guest.process.stderr.close)
        self.addCleanup(guest.process.wait)
        self.addCleanup(guest.socket.close)
        return guest

    def path(self, name):
        return os.path.join(self.base, name)

    def put(self, name, content):
        with open(self.path(name), 'w', encoding='utf-8') as out:
            out.write(content)

    def get(self, name):
        with open(self.path(name), encoding='utf-8') as found:
            return found.read()

    def test_names_and_numbers(self):
        guest, rw = self.guest, self.rw
        for name in ('..', '.', '', 'sub/deep', '/', '../outside/secret', 'n' * 256):
            for opcode, head in ((LOOKUP, b''), (MKDIR, b'\0' * 8), (UNLINK, b''), (CREATE, b'\0' * 16)):
                self.assertEqual(guest.call(opcode, rw, head + text(name))[0], errno.EINVAL, (opcode, name))
        self.assertEqual(guest.call(LOOKUP, rw, b'file')[0], errno.EINVAL)  # no end
        self.assertEqual(guest.call(RENAME, rw, struct.pack('<Q', rw) + text('file'))[0], errno.EINVAL)  # one name
        self.assertEqual(guest.call(READ, rw, b'short')[0], errno.EINVAL)
        for node in (NOWHERE, 0, 2 << 32 | rw, 1 << 63):
            self.assertEqual(guest.call(GETATTR, node, b'\0' * 16)[0], errno.ESTALE)
        self.assertEqual(guest.call(NO_CALL, rw)[0], errno.ENOSYS)
        self.assertEqual(guest.find(TOPMOST, '3'), -errno.ENOENT)  # a root that is not there
        self.assertEqual(guest.find(TOPMOST, '4'), -errno.ENOENT)
        self.assertEqual(guest.open(TOPMOST, opcode=OPENDIR), -errno.EACCES)
        self.assertEqual(guest.call(MKDIR, TOPMOST, b'\0' * 8 + text('x'))[0], errno.EACCES)

    def test_handles(self):
        guest = self.guest
        file, deep = guest.find(self.rw, 'file'), guest.find(guest.find(self.rw, 'sub'), 'deep')
        handle = guest.open(file, os.O_RDWR)
        self.assertEqual(guest.read(file, handle), (0, b'out/file'))
        for node, number in ((deep, handle), (file, 77), (file, 1 << 60), (self.rw, handle)):
            self.assertEqual(guest.read(node, number)[0], errno.EBADF)
            self.assertEqual(guest.read(node, number, READDIR)[0], errno.EBADF)
            self.assertEqual(guest.write(node, number, b'x'), errno.EBADF)
        for said in (0, 2, 1 << 31):
            self.assertEqual(guest.write(file, handle, b'x', said), errno.EINVAL)
        self.assertEqual(guest.read(file, handle, size=1 << 30)[0], errno.EINVAL)
        self.assertEqual(guest.open(guest.find(self.rw, 'link')), -errno.ELOOP)
        more = 0
        while guest.open(deep) >= 0:
            more += 1
            self.assertLess(more, 10000)
        self.assertEqual(guest.open(deep), -errno.ENFILE)
        self.assertEqual(guest.call(RELEASE, deep, struct.pack('<QIIQ', handle, 0, 0, 0))[0], 0)  # of another node
        self.assertEqual(guest.read(file, handle), (0, b'out/file'))

    def test_read_only(self):
        guest, ro = self.guest, self.ro
        file = guest.find(ro, 'file')
        calls = ((MKDIR, ro, b'\0' * 8 + text('x')), (MKNOD, ro, struct.pack('<IIII', 0o100644, 0, 0, 0) + text('x')),
                 (CREATE, ro, struct.pack('<IIII', os.O_WRONLY, 0o644, 0, 0) + text('x')), (UNLINK, ro, text('file')),
                 (RMDIR, ro, text('file')), (SYMLINK, ro, text('x', 'file')), (SETATTR, file, b'\1' + b'\0' * 87),
                 (SETATTR, file, b'\x08' + b'\0' * 87), (RENAME, ro, struct.pack('<Q', ro) + text('file', 'x')),
                 (LINK, ro, struct.pack('<Q', file) + text('x')))
        for opcode, node, body in calls:
            self.assertEqual(guest.call(opcode, node, body)[0], errno.EROFS, opcode)
        for flags in (os.O_WRONLY, os.O_RDWR, os.O_RDONLY | os.O_TRUNC, 3):
            self.assertEqual(guest.open(file, flags), -errno.EROFS)
        self.assertEqual(guest.call(LINK, self.rw, struct.pack('<Q', file) + text('x'))[0], errno.EXDEV)
        self.assertEqual(guest.call(RENAME, self.rw, struct.pack('<Q', ro) + text('file', 'x'))[0], errno.EXDEV)
        self.assertEqual(guest.call(RENAME, TOPMOST, struct.pack('<Q', ro) + text('1', 'x'))[0], errno.EXDEV)
        only = guest.find(TOPMOST, '2')  # a root that is one file
        self.assertEqual(guest.read(only, guest.open(only)), (0, b'outside/secret'))
        self.assertEqual(guest.find(only, 'x'), -errno.ENOTDIR)
        self.assertEqual(guest.find(only, 'secret'), -errno.ENOTDIR)
        self.assertEqual(os.listdir(self.path('in')), ['file'])

    def test_links(self):
        guest = self.guest
        for target in ('/etc/passwd', '..', '../outside', 'sub/../../x'):
            self.assertEqual(guest.call(SYMLINK, self.rw, text('bad', target))[0], errno.EPERM, target)
        sub = guest.find(self.rw, 'sub')
        self.assertEqual(guest.call(SYMLINK, sub, text('good', '../file'))[0], 0)
        self.assertEqual(guest.call(RENAME, sub, struct.pack('<Q', self.rw) + text('good', 'bad'))[0], errno.EPERM)
        self.assertEqual(guest.find(guest.find(self.rw, 'link'), 'secret'), -errno.ENOTDIR)
        # A folder that the guest knows becomes a link out, behind its back.
        deep = guest.find(sub, 'deep')
        os.rename(self.path('out/sub'), self.path('out/was'))
        os.symlink('../outside', self.path('out/sub'))
        for got in (guest.find(sub, 'secret'), guest.open(deep), -guest.call(UNLINK, sub, text('secret'))[0],
                    -guest.call(MKDIR, sub, b'\0' * 8 + text('x'))[0]):
            self.assertIn(got, (-errno.ELOOP, -errno.ENOTDIR))
        self.assertEqual(os.listdir(self.path('outside')), ['secret'])

    def test_what_is_gone(self):
        guest, rw = self.guest, self.rw
        file = guest.find(rw, 'file')
        handle = guest.open(file, os.O_RDWR)
        self.assertEqual(guest.call(UNLINK, rw, text('file'))[0], 0)
        self.assertEqual(guest.read(file, handle), (0, b'out/file'))
        self.assertEqual(guest.call(GETATTR, file, b'\0' * 16)[0], 0)
        self.assertEqual(guest.open(file), -errno.ESTALE)
        self.put('out/file', 'another')
        self.assertNotEqual(guest.find(rw, 'file'), file)
        before = guest.find(rw, 'file')
        self.put('out/new', 'new')
        os.rename(self.path('out/new'), self.path('out/file'))
        after = guest.find(rw, 'file')
        self.assertNotEqual(before, after)
        self.assertEqual(guest.read(after, guest.open(after)), (0, b'new'))
        guest.send(FORGET, after, struct.pack('<Q', 1 << 62))
        self.assertEqual(guest.call(GETATTR, after, b'\0' * 16)[0], errno.ESTALE)
        guest.send(FORGET, rw, struct.pack('<Q', 1 << 62))  # roots stay
        self.assertEqual(guest.call(GETATTR, rw, b'\0' * 16)[0], 0)

    def test_exchange_and_loops(self):
        guest, rw = self.guest, self.rw
        sub = guest.find(rw, 'sub')
        deep = guest.find(sub, 'deep')
        file = guest.find(rw, 'file')
        swap = struct.pack('<QII', rw, EXCHANGE, 0)
        self.assertEqual(guest.call(RENAME2, sub, swap + text('deep', 'file'))[0], 0)
        self.assertEqual([guest.read(node, guest.open(node)) for node in (deep, file)],
                         [(0, b'out/sub/deep'), (0, b'out/file')])
        self.assertEqual(self.get('out/file'), 'out/sub/deep')
        self.assertEqual(guest.call(RENAME, rw, struct.pack('<Q', sub) + text('sub', 'sub'))[0], errno.EINVAL)
        self.assertEqual(guest.call(RENAME2, rw, struct.pack('<QII', rw, 8, 0) + text('sub', 'x'))[0], errno.EINVAL)
        self.assertEqual(guest.find(sub, 'deep'), file)

    def test_noise(self):
        """Whatever comes, it is answered, and nothing happens outside."""
        guest, chance = self.guest, random.Random(7)
        names = ['file', 'sub', 'deep', 'link', 'new', '..', 'sub/deep']
        sent = 0
        for unique in range(4000):
            opcode = chance.choice((chance.randrange(1, 53), LOOKUP, CREATE, RENAME2, READDIRPLUS, FORGET))
            node = chance.choice((self.ro, self.rw, chance.randrange(0, 64), chance.getrandbits(64)))
            head = struct.pack('<QQ', chance.choice((self.rw, chance.randrange(0, 64))), chance.choice(
                (0, 1, 2, chance.getrandbits(64))))[:chance.choice((0, 8, 16, 16))]
            body = head + chance.choice((chance.randbytes(chance.randrange(0, 99)),
                                         text(chance.choice(names), chance.choice(names)), b'\0' * 88))
            if opcode not in (26, 38):
                guest.send(opcode, node, body, unique)
                sent += opcode not in SILENT
                if opcode not in SILENT:
                    self.assertEqual(guest.receive()[2], unique)
        self.assertGreater(sent, 1000)
        self.assertEqual(guest.call(GETATTR, self.rw, b'\0' * 16)[0], 0)
        self.assertEqual((os.listdir(self.path('outside')), os.listdir(self.path('in'))), (['secret'], ['file']))
        self.assertEqual((self.get('outside/secret'), self.get('in/file')), ('outside/secret', 'in/file'))
        self.assertEqual(guest.end(), (0, ''))

    def test_beginning_and_end(self):
        self.assertEqual(self.guest.init()[0], errno.EPROTO)  # twice
        early = self.serve('write', self.path('out'), begin=False)
        self.assertEqual(early.call(LOOKUP, TOPMOST, text('0'))[0], errno.EPROTO)
        self.assertEqual(early.call(INIT, 0, struct.pack('<IIII', 6, 0, 0, 0))[0], errno.EPROTO)
        for size in (0, 39, (1 << 20) + 65537, 0xffffffff):
            guest = self.serve('write', self.path('out'))
            guest.socket.sendall(HEADER.pack(size, LOOKUP, 1, TOPMOST, 0, 0, 0, 0))
            self.assertRaises(EOFError, guest.receive)
        for words in (['read'], ['take', '/'], ['read', 'relative']):
            done = subprocess.run([PROGRAM] + words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                                  env=ENV)
            self.assertEqual(done.returncode, 2)
            self.assertIn('usage: x07-vm-files', done.stderr)


if __name__ == '__main__':
    unittest.main()
