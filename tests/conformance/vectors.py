"""vectors.py: what the replay scripts share: reading vector files and lists of ids, validating reports, printing
differences, the command line and the loop. Knows nothing of how a vector is run."""
import argparse
import concurrent.futures
import json
import os
import sys

import jsonschema

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec')
TIMEOUT = 120
SCHEMAS = {'x07-host-runner.report@0.3.0': 'x07-host-runner.report.schema.json',
           'x07-os-runner.report@0.3.0': 'x07-os-runner.report.schema.json',
           'x07.run.report@0.1.0': 'x07-run.report.schema.json',
           'x07.x07diag@0.1.0': 'x07-x07diag.schema.json',
           'x07.patchset@0.1.0': 'x07-patchset.schema.json',
           'x07c.report@0.1.0': 'x07c.report.schema.json'}


class Reports:
    """The schemas of spec/, by the schema_version of the documents that they describe."""

    def __init__(self):
        self.validators = {}
        for version, name in SCHEMAS.items():
            with open(os.path.join(SPEC, name), encoding='utf-8') as file:
                schema = json.load(file)
            self.validators[version] = jsonschema.validators.validator_for(schema)(schema)

    def problems(self, report):
        """What is wrong with a report, and with the runner's report inside a wrapped one: a list of lines."""
        version = report.get('schema_version')
        if version not in self.validators:
            return ['schema_version: unknown: %r' % version]
        lines = ['schema %s: %s at /%s' % (version, error.message, '/'.join(map(str, error.absolute_path)))
                 for error in self.validators[version].iter_errors(report)]
        return lines + (self.problems(report['report']) if isinstance(report.get('report'), dict) else [])


def clean_environment(**extra):
    """The caller's environment without anything that could steer the toolchain."""
    env = {k: v for k, v in os.environ.items() if not k.startswith('X07_')}
    return {**env, 'LC_ALL': 'C.UTF-8', **extra}


def shorten(text, limit=400):
    return text if len(text) <= limit else text[:limit] + ' ... (%d characters)' % len(text)


class Later:
    """What a .later file excuses. A line is an id, or a prefix followed by `*`, then optionally the start of a
    difference: with it only such differences are excused, without it the vector is left out. `#` starts a comment."""

    def __init__(self, path=None):
        self.rows = []
        if path:
            with open(path, encoding='utf-8') as lines:
                words = [line.split('#')[0].split(None, 1) for line in lines]
            self.rows = [(row[0], row[1].strip() if len(row) > 1 else None) for row in words if row]

    def leaves_out(self, id):
        return any(start is None and names(pattern, id) for pattern, start in self.rows)

    def excuses(self, id, line):
        return any(start and names(pattern, id) and line.startswith(start) for pattern, start in self.rows)


def names(pattern, id):
    return id.startswith(pattern[:-1]) if pattern.endswith('*') else id == pattern


def parser(description, tested='--x07'):
    """`tested` is the option that says what is tested."""
    result = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument(tested, required=True, metavar='PATH')
    result.add_argument('--later', metavar='LIST', help='what needs parts that are not built yet')
    result.add_argument('--only', default='', metavar='PREFIX', help='only ids that start so, none left out')
    result.add_argument('--failed-ids', metavar='FILE', help='write the ids that failed, one a line')
    result.add_argument('--jobs', type=int, default=os.cpu_count() or 1)
    result.add_argument('--native-compiler', default='', metavar='NAME', help='cc or tcc')
    result.add_argument('file', metavar='FILE.jsonl')
    return result


def load(options, later):
    with open(options.file, encoding='utf-8') as lines:
        vectors = [json.loads(line) for line in lines if line.strip()]
    vectors = [vector for vector in vectors if vector['id'].startswith(options.only) and
               (options.only or not later.leaves_out(vector['id']))]
    if not vectors:
        sys.exit('no vector to run')
    return vectors


def replay(options, differences, ran, vectors=None):
    """Runs every vector of the file, or of those given. differences(vector) gives lines, none when it agrees; ran(vector) says what was run. Returns
    the exit status."""
    later = Later(options.later)
    vectors, failed, quirks = vectors or load(options, later), [], 0
    tested = next('--%s %s' % (name, getattr(options, name)) for name in ('x07', 'build') if hasattr(options, name))
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for vector, lines in zip(vectors, pool.map(differences, vectors)):
            lines = [line for line in lines if not later.excuses(vector['id'], line)]
            if not lines:
                continue
            if vector.get('quirk'):
                quirks += 1
            else:
                failed.append(vector['id'])
            print('%s %s' % ('QUIRK' if vector.get('quirk') else 'FAIL', vector['id']))
            for line in lines + ran(vector):
                print('    ' + line)
            print('    alone: %s %s --only %s %s' % (sys.argv[0], tested, vector['id'], options.file), flush=True)
    if options.failed_ids:
        with open(options.failed_ids, 'w', encoding='utf-8') as out:
            out.writelines(id + '\n' for id in failed)
    print('%d vectors: %d agree, %d failed, %d differ as quirks may' %
          (len(vectors), len(vectors) - len(failed) - quirks, len(failed), quirks))
    return 1 if failed else 0
