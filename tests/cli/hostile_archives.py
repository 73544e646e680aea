"""hostile_archives.py: makes archives that must not be unpacked. Each row: what it is, the code that refuses it, its bytes.
All hold a good package too, so that nothing else is wrong with them."""
import gzip
import io
import tarfile

import packages

GOOD = packages.files_of('acme-bad', '1.0.0')
MIB = 1 << 20


def member(path, kind=tarfile.REGTYPE, data=b'x', mode=0o644, link='', size=None, **fields):
    info = tarfile.TarInfo(path)
    info.type, info.mode, info.linkname = kind, mode, link
    info.size = len(data) if size is None else size
    for name, value in fields.items():
        setattr(info, name, value)
    return info, data


def padded(data):
    return data + b'\0' * (-len(data) % 512)


def raw(members, form=tarfile.GNU_FORMAT, end=True, encoding='utf-8'):
    """The bytes as they are told, without tarfile's own checks."""
    out = [info.tobuf(form, encoding, 'surrogateescape') + padded(data) for info, data in members]
    return b''.join(out) + (b'\0' * 1024 if end else b'')


def package():
    return [member(path, data=content.encode()) for path, content in sorted(GOOD.items())]


def spoiled(*members, **how):
    return raw([*package(), *members], **how)


def with_pax(**headers):
    return spoiled(member('modules/extra', pax_headers={k.replace('_', '.'): v for k, v in headers.items()}),
                   form=tarfile.PAX_FORMAT)


def old_sparse():
    """A GNU sparse member: 512 bytes that unfold to a mebibyte."""
    info, _ = member('modules/sparse', data=b'')
    info.size = 512
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT, 'utf-8', 'strict'))
    header[156:157] = b'S'
    header[386:398], header[398:410] = b'%011o\0' % (MIB - 512), b'%011o\0' % 512
    header[483:495] = b'%011o\0' % MIB
    header[148:156] = b' ' * 8
    header[148:156] = b'%06o\0 ' % sum(header)
    return raw(package(), end=False) + bytes(header) + b'x' * 512 + b'\0' * 1024


def new_sparse():
    """The same, as extended headers and a map before the content say it."""
    content = padded(b'1\n%d\n512\n' % (MIB - 512)) + b'x' * 512
    headers = {'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'modules/sparse',
               'GNU.sparse.realsize': str(MIB)}
    return spoiled(member('modules/sparse', data=content, pax_headers=headers), form=tarfile.PAX_FORMAT)


def rows(outside):
    """`outside` is a file that no archive may make or change."""
    good = raw(package())
    path, kind, mode = 'X07PKG_ARCHIVE_PATH', 'X07PKG_ARCHIVE_TYPE', 'X07PKG_ARCHIVE_MODE'
    twice, limit, form = 'X07PKG_ARCHIVE_DUPLICATE', 'X07PKG_ARCHIVE_LIMIT', 'X07PKG_ARCHIVE_FORMAT'
    yield 'a path that climbs', path, spoiled(member('../' * 12 + outside[1:]))
    yield 'a path that climbs in its middle', path, spoiled(member('modules/../../' + outside[1:]))
    yield 'a folder that climbs', path, spoiled(member('..', tarfile.DIRTYPE, b''))
    yield 'a long path that climbs', path, spoiled(member('a/' * 60 + '../' * 72 + outside[1:]))
    yield 'an absolute path', path, spoiled(member(outside))
    yield 'an absolute path of a folder', path, spoiled(member('//etc', tarfile.DIRTYPE, b''))
    yield 'a dot', path, spoiled(member('./modules/x'))
    yield 'an empty path', path, spoiled(member(''))
    yield 'a path of slashes only', path, spoiled(member('modules/' + '/' * 1200 + 'x'))
    yield 'a path too deep', path, spoiled(member('d/' * 65 + 'x'))
    yield 'a path that is no UTF-8', path, spoiled(member('modules/\udcff\udcfe'))
    yield 'an extended header that climbs', path, with_pax(path='../' * 12 + outside[1:])
    yield 'a symbolic link', kind, spoiled(member('modules/out', tarfile.SYMTYPE, b'', link='/etc'))
    yield 'a symbolic link, then a file through it', kind, spoiled(
        member('out', tarfile.SYMTYPE, b'', link=outside.rsplit('/', 1)[0]), member('out/' + outside.rsplit('/', 1)[1]))
    yield 'a hard link', kind, spoiled(member('modules/hard', tarfile.LNKTYPE, b'', link='/etc/passwd'))
    yield 'a hard link within', kind, spoiled(member('modules/hard', tarfile.LNKTYPE, b'', link='x07-package.json'))
    yield 'a character device', kind, spoiled(member('modules/null', tarfile.CHRTYPE, b'', devmajor=1, devminor=3))
    yield 'a block device', kind, spoiled(member('modules/disk', tarfile.BLKTYPE, b'', devmajor=8, devminor=0))
    yield 'a named pipe', kind, spoiled(member('modules/pipe', tarfile.FIFOTYPE, b''))
    yield 'a sparse file', kind, old_sparse()
    yield 'a sparse file of the new kind', kind, new_sparse()
    yield 'set-user-id', mode, spoiled(member('modules/su', mode=0o4755))
    yield 'set-group-id of a folder', mode, spoiled(member('modules/sg', tarfile.DIRTYPE, b'', mode=0o2755))
    yield 'a sticky bit', mode, spoiled(member('modules/t', mode=0o1644))
    yield 'a file twice', twice, spoiled(member('x07-package.json', data=b'{}'))
    yield 'a file twice, spelled otherwise', twice, spoiled(member('modules//acme/bad.x07.json', data=b'{}'))
    yield 'a file beneath a file', twice, spoiled(member('x07-package.json/x'))
    yield 'a folder where a file is', twice, spoiled(member('x07-package.json', tarfile.DIRTYPE, b''))
    yield 'a tebibyte', limit, spoiled(member('modules/big', size=1 << 40, data=b''))
    yield 'more than is allowed', limit, spoiled(member('modules/big', size=256 * MIB, data=b''))
    yield 'too many members', limit, raw(package(), end=False) + raw([member('d', tarfile.DIRTYPE, b'')], end=False) * 20000
    yield 'a file cut off', form, good[:-1024 - 400]
    yield 'a header cut off', form, good[:700]
    yield 'a wrong checksum of a header', form, good[:512 + 148 + 512] + b'1234567' + good[512 + 148 + 512 + 7:]
    yield 'no archive', form, b'<html>not found</html>' * 100
    yield 'a compressed archive', form, gzip.compress(good)
    yield 'a compressed bomb', form, gzip.compress(b'\0' * (16 * MIB))
    yield 'nothing at all', form, b''
    yield 'less than a header', form, good[:511]


def write_all(folder, outside):
    """Writes each row to a file, for a look by hand."""
    for number, (what, _, data) in enumerate(rows(outside)):
        with io.open('%s/%02d %s.x07pkg' % (folder, number, what), 'wb') as out:
            out.write(data)
