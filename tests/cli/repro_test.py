"""repro_test.py: the file that a broken contract leaves."""
import base64
import hashlib
import json
import os
import unittest

from tool import ToolTest, document

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec', 'x07-contract.repro.schema.json')


def guarded(clause):
    return document(['bytes.alloc', ['main.f', ['view.len', 'input']]],
                    decls=[{'kind': 'defn', 'name': 'main.f', 'params': [{'name': 'n', 'ty': 'i32'}], 'result': 'i32',
                            'requires': [dict({'expr': ['>', 'n', 2], 'witness': ['n']}, **clause)], 'body': 'n'}])


class Repro(ToolTest):
    def path(self, clause_id):
        digest = hashlib.sha256(clause_id.encode()).hexdigest()
        return os.path.join(self.folder, '.x07', 'artifacts', 'contract', 'id_' + digest, 'repro.json')

    def run_guarded(self, clause, *flags):
        self.write(guarded(clause))
        return self.x07('run', '--program', 'main.x07.json', '--repair', 'off', *flags)

    def test_file_says_what_was_run(self):
        self.assertEqual(self.run_guarded({'id': 'long'}, '--input-b64', 'YWI=', '--solve-fuel', '9999').exit, 1)
        with open(self.path('long'), 'rb') as file:
            data = file.read()
        repro = json.loads(data)
        with open(SCHEMA, encoding='utf-8') as file:
            schema = json.load(file)
        self.assertEqual(set(repro), set(schema['required']))
        self.assertEqual(data.decode(), json.dumps(repro, indent=2, sort_keys=True) + '\n')
        self.assertEqual(repro['input_bytes_b64'], 'YWI=')
        self.assertEqual(repro['source'], {'mode': 'x07run', 'target_kind': 'program', 'target_path': 'main.x07.json'})
        self.assertEqual((repro['runner']['solve_fuel'], repro['runner']['max_memory_bytes']), (9999, 67108864))
        self.assertEqual(repro['contract'], {'contract_kind': 'requires', 'fn': 'main.f', 'clause_id': 'long',
                                             'clause_index': 0, 'clause_ptr': '/decls/0/requires/0/expr',
                                             'witness': [{'ty': 'i32', 'value_i32': 2}]})

    def test_input_file_is_kept(self):
        self.write(b'\x00\xff', 'in.bin')
        self.run_guarded({'id': 'long'}, '--input', 'in.bin')
        with open(self.path('long'), encoding='utf-8') as file:
            self.assertEqual(base64.b64decode(json.load(file)['input_bytes_b64']), b'\x00\xff')

    def test_kept_contract_leaves_nothing(self):
        self.assertEqual(self.run_guarded({'id': 'long'}, '--input-b64', 'YWJj').exit, 0)
        self.assertFalse(os.path.exists(os.path.join(self.folder, '.x07')))

    def test_name_of_a_hostile_clause(self):
        self.run_guarded({'id': '../../../x'})
        self.assertTrue(os.path.isfile(self.path('../../../x')))

    def test_folder_that_cannot_be_made(self):
        self.write(b'', '.x07')
        self.assertEqual(self.run_guarded({'id': 'long'}).exit, 1)


if __name__ == '__main__':
    unittest.main()
