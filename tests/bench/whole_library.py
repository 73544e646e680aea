#!/usr/bin/env python3
"""Writes a program that reaches every exported function of the standard library that the world run-os has.

    tests/bench/whole_library.py [--times N] FOLDER

The entry is FOLDER/main.x07.json. With --times N each function is called from N functions of the program's own. Generic
functions are taken for i32, or for bytes_view where it must be like bytes. Nothing is called unless the program has input."""
import argparse
import json
import os
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
SIGNATURES = os.path.join(ROOT, 'tests', 'stdlib', 'signatures.jsonl')
PART = 100  # functions of one module
ELSEWHERE = ('std.fs.', 'std.kv.', 'std.rr.', 'std.os.net.', 'std.world.net.')  # worlds and heads that are not there
VALUES = {
    'i32': 1,
    'bytes': ['bytes.lit', 'x'],
    'bytes_view': ['bytes.view_lit', 'x'],
    'vec_u8': ['vec_u8.with_capacity', 0],
    'iface': ['io.open_read_bytes', ['bytes.lit', 'x']],
    'result_i32': ['result_i32.ok', 1],
}


def call_of(row):
    """A call of the function; None when there is no argument of some type to be had."""
    chosen = {parameter['name']: 'bytes_view' if parameter.get('bound') == 'bytes_like' else 'i32'
              for parameter in row.get('type_params', ())}
    types = [chosen[ty[1]] if isinstance(ty, list) else ty for ty in (parameter['ty'] for parameter in row['params'])]
    if not all(ty in VALUES for ty in types):
        return None
    arguments = [VALUES[ty] for ty in types]
    return ['tapp', row['name'], ['tys', *chosen.values()], *arguments] if chosen else [row['name'], *arguments]


def calls():
    with open(SIGNATURES, encoding='utf-8') as lines:
        for line in lines:
            row = json.loads(line)
            if row.get('kind') == 'defasync' or row.get('async') or row['name'].startswith(ELSEWHERE):
                continue
            call = call_of(row)
            if call is None:
                sys.exit('no argument for %s' % row)
            yield call


def module_of(call):
    return (call[1] if call[0] == 'tapp' else call[0]).rsplit('.', 1)[0]


def write(folder, module, kind, imports, decls, **more):
    document = {'schema_version': 'x07.x07ast@0.5.0', 'kind': kind, 'module_id': module, 'imports': imports, 'decls': decls}
    with open(os.path.join(folder, module + '.x07.json'), 'w', encoding='utf-8') as out:
        json.dump({**document, **more}, out)


def write_part(folder, name, part):
    """A module with one function per call, and `all`, which calls them."""
    functions = [{'kind': 'defn', 'name': '%s.f%d' % (name, i), 'params': [{'name': 'n', 'ty': 'i32'}], 'result': 'i32',
                  'body': ['begin', ['let', 'x', call], ['+', 'n', 1]]} for i, call in enumerate(part)]
    whole = {'kind': 'defn', 'name': name + '.all', 'params': [{'name': 'n', 'ty': 'i32'}], 'result': 'i32',
             'body': ['begin', *([function['name'], 'n'] for function in functions), 'n']}
    export = {'kind': 'export', 'names': [name + '.all']}
    imports = sorted({module_of(call) for call in part})
    write(folder, name, 'module', imports, [export, *functions, whole])


def write_program(folder, times):
    os.makedirs(folder, exist_ok=True)
    all_calls, names = list(calls()), []
    for k in range(times):
        for start in range(0, len(all_calls), PART):
            names.append('p%d_%d' % (k, start))
            write_part(folder, names[-1], all_calls[start:start + PART])
    write(folder, 'main', 'entry', names, [],
          solve=['begin', ['if', ['view.len', 'input'], ['begin', *([name + '.all', 1] for name in names)], 0],
                 ['bytes.alloc', 0]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--times', type=int, default=1)
    parser.add_argument('folder', metavar='FOLDER')
    options = parser.parse_args()
    write_program(options.folder, options.times)


if __name__ == '__main__':
    main()
