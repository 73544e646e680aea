"""worlds_test.py: the deterministic worlds with fixtures: what a program finds in them, and fixtures that are wrong.

One program, world-heads.x07.json beside the conformance vectors, uses all heads of these worlds; its input is the
configuration of a cassette."""
import base64
import json
import os
import shutil
import struct
import subprocess
import unittest

from tool import TIMEOUT, ToolTest

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'conformance', 'world-heads.x07.json')
STATUS_TRAP = -4  # SIGILL


def lp(data):
    return struct.pack('<I', len(data)) + data


def cassette(resp, ticks):
    """A cassette of one entry."""
    texts = {'kind': b'rr', 'op': b'o', 'key': b'k', 'req': b'k', 'resp': resp}
    items = {name: b'\3' + lp(value) for name, value in texts.items()}
    items.update({name: b'\2' + lp(value) for name, value in (('err', b'-7'), ('latency_ticks', ticks))})
    return lp(b'\1\5' + struct.pack('<I', len(items)) +
              b''.join(lp(name.encode()) + items[name] for name in sorted(items)))


CONFIGURATION = b'X7RC' + struct.pack('<HHBBHQIIIII', 1, 0, 2, 0, 0, 1000, 10, 100, 100, 100, 5) + b'c.bin'


def b64(text):
    return base64.b64encode(text).decode()


SEED = {'format': 'x07.kv.seed@0.1.0', 'default_latency_ticks': 1, 'entries': [
    {'key_b64': b64(b'key'), 'value_b64': b64(b'value'), 'latency_ticks': 7},
    {'key_b64': b64(b'a'), 'value_b64': b64(b'')}, {'key_b64': b64(b'key'), 'value_b64': b64(b'second')}]}
LATENCIES = {'format': 'x07.fs.latency@0.1.0', 'default_ticks': 2, 'paths': {'sub/b': 3, 'a.txt': 10}}
FLAGS = ('--world', 'solve-full', '--fixtures', 'fx', '--fixture-kv-seed', 'seed.json', '--fixture-fs-root', 'root',
         '--fixture-fs-latency-index', 'latency.json', '--input', 'in')
ANSWER = (b'hellob\nvalue2othworld5A{"v":1,"mode":2,"match_mode":0,"cassettes":1,"entries":1,"used":1,"bytes":%d}100')


class Worlds(ToolTest):
    def setUp(self):
        super().setUp()
        self.put('fx/fs/root/a.txt', b'hello')
        self.put('fx/fs/root/sub/b', b'')
        self.put('fx/fs/latency.json', LATENCIES)
        self.put('fx/rr/c.bin', cassette(b'world', b'5'))
        self.put('fx/kv/seed.json', SEED)
        self.put('in', CONFIGURATION)
        shutil.copy(PROGRAM, os.path.join(self.folder, 'p.x07.json'))

    def put(self, name, value):
        os.makedirs(os.path.dirname(os.path.join(self.folder, name)), exist_ok=True)
        self.write(value, name)

    def run_it(self, *flags):
        return self.x07('run', '--program', 'p.x07.json', '--repair', 'off', *flags)

    def refused(self, text, *flags):
        answer = self.run_it(*(flags or FLAGS))
        self.assertEqual(answer.exit, 2, answer)
        self.assertIn(text, answer.stderr.decode())

    def test_all_heads(self):
        answer = self.run_it(*FLAGS)
        self.assertEqual(answer.exit, 0, answer)
        solve = answer.report['solve']
        self.assertEqual(base64.b64decode(solve['solve_output_b64']), ANSWER % len(cassette(b'world', b'5')))
        self.assertEqual({name: value for name, value in solve.items() if name.endswith('_calls')}, {
            'fs_list_dir_calls': 1, 'fs_read_file_calls': 1, 'kv_get_calls': 4, 'kv_set_calls': 2, 'rr_append_calls': 0,
            'rr_close_calls': 2, 'rr_next_calls': 2, 'rr_next_miss_calls': 1, 'rr_open_calls': 1, 'rr_stats_calls': 1})
        # a.txt 10, key twice 7, other keys twice 1, the entry 5
        self.assertEqual(solve['sched_stats']['virtual_time_end'], 31)
        self.assertEqual(solve['mem_stats']['live_bytes'], 0)

    def test_worlds_without(self):
        """What a world has not is refused where it is used; its fixtures are not asked for."""
        for world, head in (('solve-fs', 'rr.current_v1'), ('solve-rr', 'fs.read'), ('solve-kv', 'fs.read')):
            with self.subTest(world=world):
                answer = self.run_it('--world', world, *FLAGS[2:])
                self.assertIn('%s is disabled in this world' % head, answer.compile_error)
        self.refused('solve-full requires fs/rr/kv fixture dirs (set --fixtures or the per-world flags)',
                     '--world', 'solve-full', '--fixture-kv-dir', 'fx/kv')

    def test_wrong_fixtures(self):
        kv, fs = 'fx/kv/seed.json', 'fx/fs/latency.json'
        for name, value, text in (
                (kv, {**SEED, 'format': 'x07.kv.seed@9'}, 'unexpected kv seed format: x07.kv.seed@9'),
                (kv, {**SEED, 'entries': [{'key_b64': '!', 'value_b64': ''}]}, 'seed.json: key_b64: '),
                (kv, {**SEED, 'default_latency_ticks': -1}, 'default_latency_ticks must be an integer'),
                (kv, '{', 'seed.json: EOF while parsing an object'),
                (kv, b'\xff', 'seed.json: '),
                (kv, SEED, ''),
                (fs, {**LATENCIES, 'format': 'x'}, 'unexpected fs latency format: x'),
                (fs, {**LATENCIES, 'paths': {'../a': 1}}, 'expected safe relative path, got ../a'),
                (fs, {**LATENCIES, 'paths': {'a': 1 << 32}}, 'ticks of a path must be an integer'),
                (fs, LATENCIES, '')):
            with self.subTest(name=name, value=value):
                self.put(name, value)
                if text:
                    self.refused(text)
        self.refused('expected safe relative path, got ../fs/root',
                     *(flag.replace('root', '../fs/root') if flag == 'root' else flag for flag in FLAGS))
        self.refused('missing fixture_kv_seed for solve-kv (seed.evkv not present)', *FLAGS[:4], '--input', 'in')
        os.symlink('/etc/passwd', os.path.join(self.folder, 'fx/rr/link'))
        self.refused('copy fixture dir: ')

    def test_traps_of_the_store_and_latencies(self):
        """Programs check what they are given: one executable in a folder with wrong files."""
        self.run_it(*FLAGS, '--compiled-out', 'p')
        seed = b'X7KV\1\0\1\0\0\0' + lp(b'k') + lp(b'v')
        index = b'X7KL\1\0\0\0\0\0\0\0\1\0\0\0' + lp(b'k') + b'\1\0\0\0'
        files = index.replace(b'KL', b'FL')
        latency = ('too short', 'bad magic', 'bad version', 'truncated %s_len', 'truncated %s', 'truncated ticks',
                   'trailing bytes')

        def broken(data, *cuts):
            return [data[:cuts[0]], b'x' + data[1:], data[:4] + b'\2' + data[5:], *(data[:cut] for cut in cuts[1:]), data + b'x']

        cases = [({'.x07_kv/seed.evkv': None}, 'kv seed open failed')]
        cases += [({'.x07_kv/seed.evkv': data}, 'kv seed ' + text) for data, text in zip(
            broken(seed, 9, 12, 14, 17, -1), ('too short', 'bad magic', 'bad version', 'truncated klen', 'truncated key',
                                              'truncated vlen', 'truncated value', 'trailing bytes'))]
        cases += [({'.x07_kv/latency.evkvlat': data}, 'kv latency ' + text.replace('%s', 'key'))
                  for data, text in zip(broken(index, 15, 18, 20, -1), latency)]
        cases += [({'.x07_fs/latency.evfslat': data}, 'fs latency ' + text.replace('%s', 'path'))
                  for data, text in zip(broken(files, 15, 18, 20, -1), latency)]
        for files, text in cases:
            with self.subTest(text=text):
                place = os.path.join(self.folder, 'place')
                os.mkdir(place)
                self.put('place/a.txt', b'hello')
                self.put('place/sub/b', b'')
                self.put('place/.x07_kv/seed.evkv', seed)
                for name, data in files.items():
                    if data is None:
                        os.unlink(os.path.join(place, name))
                    else:
                        self.put('place/' + name, data)
                done = subprocess.run([os.path.join(self.folder, 'p')], cwd=place, capture_output=True, timeout=TIMEOUT,
                                      input=lp(CONFIGURATION), check=False)
                self.assertEqual((done.returncode, done.stderr.decode().split('\n')[0]), (STATUS_TRAP, text))
                shutil.rmtree(place)


if __name__ == '__main__':
    unittest.main()
