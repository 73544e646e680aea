#!/usr/bin/env python3
"""Compares the modules of the standard library with the table of its signatures.

    tests/stdlib/check_signatures.py signatures.jsonl core/stdlib

A row of the table: {"name", ["kind"], ["type_params"], "params", "result", ["result_brand"], "libs"}, where libs says
which library exports the function: "std" (core/stdlib/std) or "os" (the newest one in core/stdlib/os). Of a library
that is there, every function of the table must be exported and every export must be in the table, with these very
names and types of its parameters. Also checked is what a reader of the documents relies on: one export declaration
in front, then functions sorted by name, a module id that is the path, and only private functions left unexported."""
import glob
import json
import os
import sys

COMPARED = ['type_params', 'params', 'result', 'result_brand']


def signature(declaration):
    kept = {name: declaration[name] for name in COMPARED if declaration.get(name)}
    return {**kept, 'kind': declaration.get('kind', 'defn')}


def libraries(root):
    """The folder of each library that is there."""
    found = {'std': root}
    versions = sorted(glob.glob(os.path.join(root, 'os', '*', 'modules')))
    if versions and glob.glob(os.path.join(versions[-1], '**', '*.x07.json'), recursive=True):
        found['os'] = versions[-1]
    return found


def check_shape(document, module_id):
    declarations = document['decls']
    functions = [d for d in declarations if d['kind'] != 'export']
    keys = [(d['kind'] == 'defasync', d['name']) for d in functions]
    exports = declarations[0].get('names', [])
    public = sorted(d['name'] for d in functions if not d['name'].rsplit('.', 1)[1].startswith('_'))
    if document['kind'] != 'module' or document['module_id'] != module_id:
        yield 'is not module %s' % module_id
    if declarations[0]['kind'] != 'export' or len(functions) != len(declarations) - 1:
        yield 'does not begin with its only export declaration'
    if exports != public:
        yield 'exports %s' % sorted(set(exports) ^ set(public))
    if keys != sorted(keys):
        yield 'functions are not sorted by name'


def read_library(folder):
    """Exported functions by name, and what is wrong with the documents."""
    exported, problems = {}, []
    for path in sorted(glob.glob(os.path.join(folder, 'std', '**', '*.x07.json'), recursive=True)):
        module_id = os.path.relpath(path, folder)[:-len('.x07.json')].replace(os.sep, '.')
        with open(path, encoding='utf-8') as file:
            document = json.load(file)
        problems += ['%s: %s' % (module_id, problem) for problem in check_shape(document, module_id)]
        names = document['decls'][0].get('names', [])
        exported.update({d['name']: signature(d) for d in document['decls'] if d.get('name') in names})
    return exported, problems


def main():
    table_path, root = sys.argv[1:]
    with open(table_path, encoding='utf-8') as lines:
        table = [json.loads(line) for line in lines]
    problems, compared = [], 0
    for library, folder in libraries(root).items():
        exported, wrong = read_library(folder)
        expected = {row['name']: signature(row) for row in table if library in row['libs']}
        problems += wrong
        for name in sorted({**exported, **expected}):
            compared += 1
            if exported.get(name) != expected.get(name):
                problems.append('%s: in the table %s, in the module %s' % (name, expected.get(name), exported.get(name)))
    print('\n'.join(problems + ['%d functions compared, %d problems' % (compared, len(problems))]))
    return 1 if problems or not compared else 0


if __name__ == '__main__':
    sys.exit(main())
