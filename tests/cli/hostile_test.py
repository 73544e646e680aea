"""hostile_test.py: documents that are broken, oversized or of the wrong kind. Each must give exactly one report or
one clear error, with the documented exit code, without a hang, a crash or a partial file."""
import json
import unittest

from tool import ECHO, ToolTest, document

NOT_JSON = 'Parse: program must be x07AST JSON (*.x07.json); legacy S-expr is not supported'
SOURCE_LIMIT = 65536


def parse_error(text, pointer=''):
    return 'Parse: main: %s at %s' % (text, pointer)


def nested(depth):
    """A document whose solve is `depth` lists deep, the innermost ["bytes.alloc", 0]."""
    return json.dumps(document('SOLVE')).replace('"SOLVE"', '["begin",' * (depth - 1) + '["bytes.alloc",0]' +
                                                 ']' * (depth - 1))


class BrokenText(ToolTest):
    def test_not_an_object(self):
        for data in (b'', b' \n\t', b'[]', b'"text"', b'null', b'\xef\xbb\xbf{}', b'(view.to_bytes input)',
                     b'\0', b'\0' * 4096):
            with self.subTest(data=data[:20]):
                self.assert_compile_error(self.run_program(data), NOT_JSON)

    def test_truncated(self):
        text = json.dumps(document(['bytes.concat', ['bytes.lit', 'a\u00e9\n'], ['bytes.alloc', -1]],
                                   meta={'a': [1.5e3, True, None]})).encode()
        for end in range(1, len(text), 7):
            with self.subTest(end=end):
                answer = self.run_program(text[:end])
                self.assertEqual(answer.exit, 1, answer)
                self.assertRegex(answer.compile_error, r'^Parse: main: .* at line 1 column \d+ at $', answer)

    def test_malformed(self):
        for data, message in (
                ('{"kind":}', 'expected value at line 1 column 9'),
                ('{"kind" 1}', 'expected `:` at line 1 column 9'),
                ('{"kind":1 "a":2}', 'expected `,` or `}` at line 1 column 11'),
                ('{"kind":[1 2]}', 'expected `,` or `]` at line 1 column 12'),
                ('{"kind":1,}', 'trailing comma at line 1 column 11'),
                ('{kind:1}', 'key must be a string at line 1 column 2'),
                ('{"kind":nul}', 'expected ident at line 1 column 12'),
                ('{"kind":01}', 'invalid number at line 1 column 10'),
                ('{"kind":"\\q"}', 'invalid escape at line 1 column 11'),
                ('{}{}', 'trailing characters at line 1 column 3'),
                ('{"kind":"\x01"}',
                 'control character (\\u0000-\\u001F) found while parsing a string at line 1 column 10'),
                ('{"kind":"\0"}',
                 'control character (\\u0000-\\u001F) found while parsing a string at line 1 column 10')):
            with self.subTest(data=data):
                self.assert_compile_error(self.run_program(data), parse_error(message))

    def test_trailing_nul(self):
        text = json.dumps(ECHO)
        answer = self.run_program(text + '\0')
        self.assert_compile_error(answer, parse_error('trailing characters at line 1 column %d' % (len(text) + 1)))

    def test_invalid_utf8(self):
        text = json.dumps(document(['bytes.lit', 'MARK'])).encode()
        at = text.index(b'MARK')
        for data, detail in ((b'\xff', 'invalid utf-8 sequence of 1 bytes from index %d'),
                             (b'\xc0\x80', 'invalid utf-8 sequence of 1 bytes from index %d'),
                             (b'\xed\xa0\x80', 'invalid utf-8 sequence of 1 bytes from index %d'),
                             (b'\xf4\x90\x80\x80', 'invalid utf-8 sequence of 1 bytes from index %d'),
                             (b'\xe2\x82A', 'invalid utf-8 sequence of 2 bytes from index %d')):
            with self.subTest(data=data):
                self.assert_compile_error(self.run_program(text.replace(b'MARK', data)),
                                          'Parse: program must be UTF-8: ' + detail % at)
        self.assert_compile_error(self.run_program(text[:at] + b'\xf0\x9f'),
                                  'Parse: program must be UTF-8: incomplete utf-8 byte sequence from index %d' % at)

    def test_lone_surrogates(self):
        for text, message in (('\\ud800', 'unexpected end of hex escape'),
                              ('\\ud800A', 'unexpected end of hex escape'),
                              ('\\udc00', 'lone leading surrogate in hex escape'),
                              ('\\ud800\\u0041', 'lone leading surrogate in hex escape')):
            with self.subTest(text=text):
                answer = self.run_program(json.dumps(document(['bytes.lit', 'MARK'])).replace('MARK', text))
                self.assertEqual(answer.exit, 1, answer)
                self.assertIn(message, answer.compile_error, answer)


class Shapes(ToolTest):
    def test_missing_and_wrong_fields(self):
        for name in ('schema_version', 'kind', 'module_id', 'imports', 'decls'):
            with self.subTest(missing=name):
                self.assert_compile_error(self.run_program(document(['bytes.alloc', 0], **{name: None})),
                                          parse_error('missing required field: ' + name))
            for value in (0, 1.5, True, {}):
                with self.subTest(field=name, value=value):
                    kind = 'an array' if name in ('imports', 'decls') else 'a string'
                    answer = self.run_program(document(['bytes.alloc', 0], **{name: value}))
                    self.assert_compile_error(answer, parse_error('%s must be %s' % (name, kind), '/' + name))

    def test_wrong_expressions(self):
        for solve in (True, None, {}, [], [1], [[]], [None], ['bytes.alloc', {}], ['bytes.alloc', 1.5], 1e300):
            with self.subTest(solve=solve):
                text = json.dumps(document('MARK')).replace('"MARK"', json.dumps(solve))
                answer = self.run_program(text)
                self.assertEqual(answer.exit, 1, answer)
                self.assertRegex(answer.compile_error, r'^Parse: main: .* at /solve', answer)

    def test_nesting(self):
        self.assertEqual(self.run_program(nested(126)).exit, 0)
        for depth in (127, 128, 2000, 6000):
            with self.subTest(depth=depth):
                answer = self.run_program(nested(depth))
                self.assertEqual(answer.exit, 1, answer)
                self.assertIn('recursion limit exceeded', answer.compile_error, answer)

    def test_duplicate_keys(self):
        text = json.dumps(ECHO)
        answer = self.run_program('{"solve":["no.such.head"],"kind":7,' + text[1:], '--input-b64', 'aGk=')
        self.assertEqual(answer.exit, 0, answer)
        self.assertEqual(answer.report['solve']['solve_output_b64'], 'aGk=', answer)
        answer = self.run_program(text[:-1] + ',"solve":["no.such.head"]}')
        self.assert_compile_error(answer, 'Unsupported: unsupported head: "no.such.head" (fn=solve)')

    def test_huge_numbers(self):
        text = json.dumps(document(['bytes.alloc', 'MARK']))
        for number in ('1e309', '-1e309', '9' * 400, '1e99999999999', '99999999999999999999', '-2147483649',
                       '4294967296', '1' + '0' * 20000, '0.' + '1' * 20000, '1e-99999'):
            with self.subTest(number=number[:30]):
                answer = self.run_program(text.replace('"MARK"', number))
                self.assertEqual(answer.exit, 1, answer)
                self.assertRegex(answer.compile_error, '^Parse: main: ', answer)


class Sizes(ToolTest):
    def test_source_limit(self):
        text = json.dumps(ECHO)
        self.assertEqual(self.run_program(text + ' ' * (SOURCE_LIMIT - len(text))).exit, 0)
        answer = self.run_program(text + ' ' * (SOURCE_LIMIT + 1 - len(text)))
        self.assert_compile_error(answer, 'Budget: program too large: max_source_bytes=65536 got 65537')

    def test_temporaries(self):
        """Values that a function discards count against its locals; the failure names the function."""
        program = document(['begin', *[1] * 20001, ['bytes.alloc', 0]])
        hint = ' (hint: split this function body (extract helper defn/defasync) or raise X07_MAX_LOCALS)'
        for env, limit in ((self.environment(), 20000), (self.environment(X07_MAX_LOCALS='30'), 30)):
            text = json.dumps(program, separators=(',', ':'))
            self.assert_compile_error(self.run_program(text, env=env),
                                      'Budget: max locals exceeded: %d (fn=solve)%s' % (limit, hint))
            program = document(['begin', *[['view.len', 'input']] * 15, ['bytes.alloc', 0]])
        self.assertEqual(self.run_program(json.dumps(program), env=self.environment(X07_MAX_LOCALS='31')).exit, 0)

    def test_100_megabytes(self):
        size = 100 * 1000 * 1000
        for name, data in (('list', b'{"a":[' + b'0,' * (size // 2)), ('depth', b'{"a":' + b'[' * size),
                           ('text', b'{"a":"' + b'x' * size), ('nul', b'\0' * size)):
            with self.subTest(kind=name):
                answer = self.run_program(data)
                self.assert_compile_error(answer, 'Budget: program too large: max_source_bytes=65536 got %d' %
                                          len(data))
                answer = self.run_program(data, repair='memory')
                self.assertIn(answer.exit, (1, 2), answer)

    def test_large_input(self):
        path = self.write(b'x' * (100 * 1000 * 1000), 'input.bin')
        answer = self.run_program(ECHO, '--input', path)
        self.assertEqual(answer.exit, 1, answer)
        self.assertEqual(answer.report['solve']['trap'], 'out of memory', answer)


class Repair(ToolTest):
    """With repair, a document that cannot be read is an error before any compilation, and its file is untouched."""

    def test_unreadable_documents(self):
        for data in (b'', b'{"kind":', b'[]', b'\xff', b'\0', nested(200).encode()):
            for repair in ('memory', 'write'):
                with self.subTest(data=data[:20], repair=repair):
                    answer = self.run_program(data, repair=repair)
                    self.assertEqual(answer.exit, 2, answer)
                    self.assertTrue(answer.stderr.startswith(b'repair program: '), answer)
                    with open(self.write_path(), 'rb') as file:
                        self.assertEqual(file.read(), data, answer)

    def write_path(self):
        return '%s/main.x07.json' % self.folder

    def test_write_replaces_whole_file(self):
        answer = self.run_program(json.dumps(ECHO, indent=4), '--input-b64', 'aGk=', repair='write')
        self.assertEqual(answer.exit, 0, answer)
        with open(self.write_path(), 'rb') as file:
            self.assertEqual(json.loads(file.read()), ECHO)


if __name__ == '__main__':
    unittest.main()
