#!/usr/bin/env python3
"""Builds plugins against an installed SDK, as a vendor would, and looks at what x07 makes of them.

Run alone:  X07_BUILD=build X07_SOURCE=. python3 tests/sdk/test_sdk.py Listing.test_bad_ones
With X07_PREFIX=DIR a copy of that install tree is tested instead of the build.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import jsonschema

BUILD = Path(os.environ.get("X07_BUILD", "build")).resolve()
SOURCE = Path(os.environ["X07_SOURCE"]).resolve()
PLUGINS = SOURCE / "tests/sdk/plugins"
CC = os.environ.get("CC", "cc")
UNUSED = ("-Wno-unused-function", "-Wno-unused-variable", "-Wno-unused-const-variable")

# The limit where something hangs: long enough for what does not, on a machine that is busy.
HANG_MS = "2000"

# What bad.c is compiled with, and how the row of the file must look.
BAD = {
    "constructor-crash": ("-DBAD_CONSTRUCTOR_CRASH", "crashed", "signal 11"),
    "constructor-loop": ("-DBAD_CONSTRUCTOR_LOOP", "timed-out", "took longer"),
    "constructor-exit": ("-DBAD_CONSTRUCTOR_EXIT", "crashed", "exit code 0"),
    "wild-pointer": ("-DBAD_WILD_POINTER", "crashed", "signal 11"),
    "abi": ("-DBAD_ABI", "refused", "ABI 42."),
    "size-small": ("-DBAD_SIZE_SMALL", "refused", "24 bytes"),
    "size-huge": ("-DBAD_SIZE_HUGE", "refused", "2147483647 bytes"),
    "vtable-size": ("-DBAD_VTABLE_SIZE", "refused", "8 bytes"),
    "vtable-null": ("-DBAD_VTABLE_NULL", "refused", "function of its table is missing"),
    "no-entry": ("-DBAD_NO_ENTRY", "refused", "does not export"),
    "null-entry": ("-DBAD_NULL_ENTRY", "refused", "no descriptor"),
    "null-key": ("-DBAD_NULL_KEY", "refused", "key is missing"),
    "count": ("-DBAD_COUNT", "refused", "announces"),
    "utf8": ("-DBAD_UTF8", "refused", "not UTF-8"),
    "signature": ("-DBAD_SIGNATURE", "refused", "signature"),
}


def run(*command, env=None, check=True, cwd=None):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=env, cwd=cwd, timeout=240)
    if check and done.returncode != 0:
        raise AssertionError(f"{command} exited with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class Sdk:
    """One install tree and one place for plugins, for all tests."""

    place = None

    @classmethod
    def make(cls):
        if cls.place:
            return
        cls.place = Path(tempfile.mkdtemp(prefix="x07-sdk-"))
        cls.prefix = cls.place / "prefix"
        if "X07_PREFIX" in os.environ:
            shutil.copytree(os.environ["X07_PREFIX"], cls.prefix, symlinks=True)
        else:
            run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.x07 = cls.prefix / "bin/x07"
        config = next(cls.prefix.rglob("x07-plugin.pc"))
        cls.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(cls.place / "home"),
            "PKG_CONFIG_PATH": str(config.parent),
            "X07_PLUGIN_SCAN_MS": "20000",
        }
        (cls.place / "home").mkdir()

    @classmethod
    def pkg_config(cls, *arguments):
        return run("pkg-config", *arguments, "x07-plugin", env=cls.env).stdout.split()

    @classmethod
    def build(cls, source, target, *flags):
        target.parent.mkdir(parents=True, exist_ok=True)
        run(CC, "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-fvisibility=hidden",
            *cls.pkg_config("--cflags"), *flags, "-o", target, source)
        return target

    @classmethod
    def run(cls, *arguments, check=True, cwd=None, **extra):
        return run(cls.x07, *arguments, env={**cls.env, **extra}, check=check, cwd=cwd or cls.place)

    @classmethod
    def list(cls, *arguments, **extra):
        report = json.loads(cls.run("plugins", "list", "--json", *arguments, **extra).stdout)
        validate("list", report)
        return report

    @classmethod
    def row(cls, path, *arguments, **extra):
        rows = [row for row in cls.list(*arguments, **extra)["plugins"] if row["path"] == str(path)]
        assert len(rows) == 1, f"{path} has {len(rows)} rows"
        return rows[0]


def validate(name, report):
    schema = json.loads((SOURCE / f"spec/x07-plugins.{name}.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(report)


def documented_example(name):
    """A plugin that docs/plugin-authors.md shows."""
    page = (SOURCE / "docs/plugin-authors.md").read_text()
    return re.search(rf"<!-- example: {name} -->\n```c\n(.*?)```", page, re.S).group(1)


def processes_naming(path):
    """Ids of the processes whose command line holds the path: a fork of x07 keeps x07's."""
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            if str(path).encode() in (directory / "cmdline").read_bytes():
                found.append(directory.name)
        except OSError:
            pass
    return found


class Case(unittest.TestCase):
    def setUp(self):
        Sdk.make()
        self.dir = Path(tempfile.mkdtemp(dir=Sdk.place))

    def bad(self, name, *flags):
        return Sdk.build(PLUGINS / "bad.c", self.dir / f"{name}.so", *UNUSED, *flags)

    def program(self, solve=("bytes.lit", "fine"), decls=()):
        path = self.dir / "main.x07.json"
        path.write_text(json.dumps({
            "schema_version": "x07.x07ast@0.3.0", "kind": "entry", "module_id": "main", "imports": [],
            "decls": list(decls), "solve": solve}))
        return path

    def example(self, name, *flags):
        """Builds a plugin of the documentation."""
        source = self.dir / f"{name}.c"
        source.write_text(documented_example(source.name))
        return Sdk.build(source, self.dir / f"{name}.so", *flags)

    def microbox(self):
        return self.example("microbox", "-Wconversion")


class Headers(Case):
    def test_each_alone(self):
        headers = sorted(path.name for path in (Sdk.prefix / "include/x07").glob("*.h"))
        self.assertIn("plugin.h", headers)
        for header in headers:
            for suffix, compiler, standard in (("c", CC, "c11"), ("cc", "c++", "c++11")):
                source = self.dir / f"alone.{suffix}"
                source.write_text(f"#include <x07/{header}>\n")
                run(compiler, f"-std={standard}", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-fsyntax-only",
                    *Sdk.pkg_config("--cflags"), source)


class Good(Case):
    def test_sandbox_by_pkg_config(self):
        row = Sdk.row(self.microbox(), "--plugin-dir", self.dir, "--diagnostics")
        self.assertEqual(row["state"], "used", row)
        self.assertEqual(row["id"], "com.example.microbox")
        self.assertEqual(row["services"][0]["result"], "won")
        self.assertEqual(row["probes"][0]["facts"], {"open_files": "64"})
        values = {diagnostic["name"]: diagnostic["value"] for diagnostic in row["diagnostics"]}
        self.assertEqual(values, {"greeting": "hello from microbox", "count": 4})

    def test_native_by_cmake(self):
        build = self.dir / "build"
        run("cmake", "-S", PLUGINS, "-B", build, f"-DCMAKE_PREFIX_PATH={Sdk.prefix}", f"-DCMAKE_C_COMPILER={CC}")
        run("cmake", "--build", build)
        run("cmake", "--install", build, "--prefix", Sdk.prefix)
        installed = Path(Sdk.pkg_config("--variable=plugindir")[0]).resolve() / "shoutcc.so"
        self.addCleanup(installed.unlink)
        row = Sdk.row(installed)
        self.assertEqual((row["state"], row["source"]), ("used", "system"), row)
        self.assertEqual(row["probes"][0]["facts"], {"identity": "shoutcc 1 default"})

    def test_both_serve_a_run(self):
        self.microbox()
        Sdk.build(PLUGINS / "shoutcc.c", self.dir / "shoutcc.so")
        report = json.loads(Sdk.run(
            "run", "--report", "full", "--program", self.program(), "--plugin-dir", self.dir, "--sandbox-backend",
            "microbox", X07_PLUGIN_PREFER="native/*=com.example.shoutcc",
            X07_NATIVE_CACHE_DIR=str(self.dir / "cache")).stdout)
        self.assertEqual(report["report"]["solve"]["solve_output_b64"], "ZmluZQ==")
        self.assertIn("com.example.microbox 1.0.0", report["plugins"])
        self.assertIn("com.example.shoutcc 2.1", report["plugins"])
        self.assertNotIn("x07.native.cc", " ".join(report["plugins"]))

    def test_repair_pass(self):
        path = self.example("housestyle")
        row = Sdk.row(path, "--plugin-dir", self.dir)
        self.assertEqual((row["state"], row["services"][0]["key"]), ("used", "housestyle"), row)
        self.assertEqual(Sdk.run("plugins", "check", path, check=False).returncode, 0)

        loud = {"kind": "defn", "name": "main.loud", "params": [{"name": "x", "ty": "bytes_view"}], "result": "bytes",
                "body": ["view.to_bytes", "x"]}
        program = self.program(["bytes.concat", ["main.shout", "input"], ["bytes.lit", "!"]], [loud])
        before = program.read_bytes()
        done = Sdk.run("run", "--report", "full", "--repair", "memory", "--program", program, "--plugin-dir", self.dir,
                       "--input-b64", "aGk=", X07_NATIVE_CACHE_DIR=str(self.dir / "cache"))
        report = json.loads(done.stdout)
        schema = json.loads((SOURCE / "spec/x07-run.report.schema.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(report)
        self.assertEqual(report["report"]["solve"]["solve_output_b64"], "aGkh")
        self.assertEqual(program.read_bytes(), before)
        passes = {p["id"]: (p["rank"], p["applied_ops_count"]) for p in report["repair"]["passes"]}
        self.assertEqual(list(passes.items()), [
            ("x07.repair.canonicalize", (100, 0)), ("x07.repair.lint", (200, 0)),
            ("com.example.housestyle", (250, 1)), ("x07.repair.quickfix", (300, 0))])
        self.assertEqual({key: report["repair"][key] for key in ("applied_ops_count", "iterations", "last_lint_ok")},
                         {"applied_ops_count": 1, "iterations": 2, "last_lint_ok": False})
        found = {"pass": "com.example.housestyle", "code": "ACME-HEAD-0001", "severity": "error", "ptr": "/solve",
                 "message": "bytes.concat is not used in this house"}
        self.assertEqual(report["repair"]["findings"], [found])
        said = f"{program}: /solve: error ACME-HEAD-0001: {found['message']} (com.example.housestyle)\n"
        self.assertEqual(done.stderr, said)

        # What the linter finds is in the report too, but not on standard error; and x07 build repairs as well.
        program = self.program(["begin", ["if", 1], ["bytes.concat", ["bytes.lit", "a"], ["bytes.lit", "b"]]])
        done = Sdk.run("run", "--report", "full", "--program", program, "--plugin-dir", self.dir, check=False)
        findings = json.loads(done.stdout)["repair"]["findings"]
        self.assertEqual([(f["pass"], f["code"]) for f in findings], [
            ("x07.repair.lint", "X07-ARITY-IF-0001"), ("com.example.housestyle", "ACME-HEAD-0001")])
        self.assertEqual((done.returncode, done.stderr.splitlines()[0]),
                         (1, said.replace("/solve:", "/solve/2:").rstrip("\n")))
        program = self.program(["main.shout", "input"], [loud])
        done = Sdk.run("build", "--program", program, "--plugin-dir", self.dir, "--out", self.dir / "main.c")
        self.assertEqual(done.stderr, "")
        self.assertIn('"solve":["main.loud","input"]', program.read_text())

    @unittest.skipUnless(os.path.exists("/usr/bin/bwrap"), "bubblewrap is not installed")
    def test_sandbox_around_a_tool(self):
        row = Sdk.row(self.example("bubblebox", "-Wconversion"), "--plugin-dir", self.dir)
        self.assertEqual((row["state"], row["probes"][0]["facts"]), ("used", {"tool": "/usr/bin/bwrap"}), row)
        if not row["probes"][0]["available"]:
            self.skipTest(row["probes"][0]["reason"])
        (self.dir / "in").mkdir()
        (self.dir / "in/file").write_text("granted")
        (self.dir / "secret").write_text("not granted")
        policy = {
            "schema_version": "x07.run-os-policy@0.1.0", "policy_id": "sdk",
            "limits": {"cpu_ms": 5000, "wall_ms": 20000, "mem_bytes": 268435456, "fds": 64, "procs": 64},
            "fs": {"enabled": True, "read_roots": ["in"], "write_roots": [], "deny_hidden": True},
            "net": {"enabled": False, "allow_dns": False, "allow_tcp": False, "allow_udp": False, "allow_hosts": []},
            "env": {"enabled": False, "allow_keys": [], "deny_keys": []},
            "time": {"enabled": False, "allow_monotonic": False, "allow_wall_clock": False, "allow_sleep": False,
                     "max_sleep_ms": 0, "allow_local_tzid": False},
            "process": {"enabled": False, "allow_spawn": False, "max_live": 0, "max_spawns": 0, "allow_exec": False,
                        "allow_exit": False}}
        (self.dir / "policy.json").write_text(json.dumps(policy))
        report = json.loads(Sdk.run(
            "run", "--report", "full", "--program",
            self.program(["os.fs.read_file", ["bytes.lit", "in/file"]]), "--plugin-dir", self.dir,
            "--world", "run-os-sandboxed", "--policy", self.dir / "policy.json", "--sandbox-backend", "bubblebox",
            "--i-accept-weaker-isolation", cwd=self.dir).stdout)
        self.assertEqual(base64.b64decode(report["report"]["solve"]["solve_output_b64"]), b"granted")
        self.assertIn("com.example.bubblebox 1.0.0", report["plugins"])
        self.assertIn("bubblewrap", json.dumps(report))

    def test_check_passes(self):
        done = Sdk.run("plugins", "check", "--json", self.microbox(), check=False)
        report = json.loads(done.stdout)
        validate("check", report)
        broken = [line for line in report["obligations"] if not line["ok"]]
        self.assertEqual((done.returncode, broken), (0, []))

    def test_info_and_call(self):
        self.microbox()
        where = ("--plugin-dir", self.dir)
        report = json.loads(Sdk.run("plugins", "info", "--json", *where, "com.example.microbox").stdout)
        validate("info", report)
        self.assertEqual(report["plugin"]["licence"], "MIT")
        call = ("plugins", "info", *where, "com.example.microbox", "--call")
        self.assertEqual(Sdk.run(*call, "count", "--twelve-by-").stdout, "12\n")
        self.assertEqual(Sdk.run(*call, "count", check=False).returncode, 2)
        self.assertEqual(Sdk.run(*call, "nothing", check=False).returncode, 1)
        self.assertEqual(Sdk.run("plugins", "info", "com.example.nobody", check=False).returncode, 1)

    def test_text_table(self):
        self.microbox()
        shown = Sdk.run("plugins", "list", "--plugin-dir", self.dir).stdout
        self.assertRegex(shown, r"(?m)^used +com\.example\.microbox +1\.0\.0 +1\.\d+ +sandbox/microbox$")

    def test_own_plugins_keep_the_rules(self):
        folder = Path(Sdk.pkg_config("--variable=plugindir")[0]).resolve()
        own = sorted(folder.glob("*.so"))
        self.assertTrue(own, f"no plugins in {folder}")
        for path in own:
            with self.subTest(plugin=path.name):
                done = Sdk.run("plugins", "check", path, check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Listing(Case):
    def test_bad_ones(self):
        for name, (flag, _, _) in BAD.items():
            self.bad(name, flag, f'-DPLUGIN_ID="com.example.{name}"', f'-DPLUGIN_KEY="{name}"')
        (self.dir / "text.so").write_text("this is no program\n")
        (self.dir / "directory.so").mkdir()
        os.mkfifo(self.dir / "pipe.so")
        self.microbox()
        report = Sdk.list("--plugin-dir", self.dir, X07_PLUGIN_SCAN_MS=HANG_MS)
        rows = {Path(row["path"]).stem: row for row in report["plugins"] if row["source"] == "option"}
        self.assertEqual(len(rows), len(BAD) + 4)
        for name, (_, state, reason) in BAD.items():
            with self.subTest(plugin=name):
                self.assertEqual(rows[name]["state"], state, rows[name])
                self.assertIn(reason, rows[name]["reason"])
        for name in ("text", "directory", "pipe"):
            self.assertEqual(rows[name]["state"], "refused", rows[name])
        self.assertEqual(rows["microbox"]["state"], "used", rows["microbox"])
        system = [row for row in report["plugins"] if row["source"] == "system"]
        self.assertEqual([row for row in system if row["state"] not in ("used", "unavailable-here")], [])

    def test_cli_works_beside_them(self):
        for name in ("constructor-crash", "constructor-loop", "abi"):
            self.bad(name, BAD[name][0])
        done = Sdk.run("run", "--program", self.program(), X07_PLUGIN_PATH=str(self.dir), X07_PLUGIN_SCAN_MS=HANG_MS)
        report = json.loads(done.stdout)
        self.assertEqual(report["solve"]["solve_output_b64"], "ZmluZQ==")

    def test_fork_in_constructor_leaves_nobody(self):
        path = self.bad("fork", "-DBAD_CONSTRUCTOR_FORK")
        self.assertEqual(Sdk.row(path, "--plugin-dir", self.dir)["state"], "used")
        self.assertEqual(processes_naming(self.dir), [])

    def test_duplicate_id(self):
        first = self.bad("a", '-DPLUGIN_KEY="one"')
        second = self.bad("b", '-DPLUGIN_KEY="two"')
        self.assertEqual(Sdk.row(first, "--plugin-dir", self.dir)["state"], "used")
        row = Sdk.row(second, "--plugin-dir", self.dir)
        self.assertEqual(row["state"], "shadowed")
        self.assertIn(str(first), row["reason"])

    def test_order_of_the_search(self):
        home = self.dir / "home"
        places = [self.dir / "option", self.dir / "environment", home / ".local/share/x07/plugins"]
        paths = [Sdk.build(PLUGINS / "bad.c", place / "bad.so", *UNUSED) for place in places]
        own = Sdk.build(PLUGINS / "bad.c", Sdk.place / "in-the-working-directory.so", *UNUSED)
        self.addCleanup(own.unlink)
        report = Sdk.list("--plugin-dir", places[0], X07_PLUGIN_PATH=f":{places[1]}:{self.dir}/none:{places[0]}",
                          HOME=str(home))
        found = [(row["path"], row["source"], row["state"]) for row in report["plugins"] if row["source"] != "system"]
        self.assertEqual(found, [
            (str(paths[0]), "option", "used"),
            (str(paths[1]), "environment", "shadowed"),
            (str(paths[2]), "user", "shadowed")])
        self.assertEqual([row["source"] for row in report["plugins"]][len(found):],
                         ["system"] * (len(report["plugins"]) - len(found)))

    def test_tie(self):
        first = self.bad("a", '-DPLUGIN_ID="com.example.a"')
        second = self.bad("b", '-DPLUGIN_ID="com.example.b"')
        for path in (first, second):
            row = Sdk.row(path, "--plugin-dir", self.dir)
            self.assertEqual((row["state"], row["services"][0]["result"]), ("available", "tied"), row)
        prefer = {"X07_PLUGIN_PREFER": "sandbox/bad=com.example.b"}
        self.assertEqual(Sdk.row(first, "--plugin-dir", self.dir, **prefer)["state"], "available")
        self.assertEqual(Sdk.row(second, "--plugin-dir", self.dir, **prefer)["state"], "used")

    def test_writable_by_others(self):
        folder = self.dir / "open"
        path = Sdk.build(PLUGINS / "bad.c", folder / "bad.so", *UNUSED)
        folder.chmod(0o777)
        row = Sdk.row(path, "--plugin-dir", folder)
        self.assertEqual(row["state"], "refused")
        self.assertIn("can be written by everyone", row["reason"])
        folder.chmod(0o755)
        self.assertEqual(Sdk.row(path, "--plugin-dir", folder)["state"], "used")

    def test_probes(self):
        for name, flag, state, reason in (
                ("absent", "-DBAD_PROBE_ABSENT", "unavailable-here", "no moon"),
                ("crash", "-DBAD_PROBE_CRASH", "unavailable-here", "signal 11"),
                ("hang", "-DBAD_PROBE_HANG", "unavailable-here", "took longer"),
                ("init", "-DBAD_INIT_FAILS", "unavailable-here", "no licence")):
            with self.subTest(plugin=name):
                path = self.bad(name, flag, f'-DPLUGIN_ID="com.example.{name}"', f'-DPLUGIN_KEY="{name}"')
                row = Sdk.row(path, "--plugin-dir", self.dir, X07_PLUGIN_SCAN_MS=HANG_MS)
                self.assertEqual(row["state"], state, row)
                self.assertIn(reason, row["reason"])

    def test_diagnostics(self):
        for name, flag, reason in (("crash", "-DBAD_DIAGNOSTIC_CRASH", "signal 11"),
                                   ("hang", "-DBAD_DIAGNOSTIC_HANG", "took longer")):
            with self.subTest(plugin=name):
                path = self.bad(name, flag, f'-DPLUGIN_ID="com.example.{name}"', f'-DPLUGIN_KEY="{name}"')
                row = Sdk.row(path, "--plugin-dir", self.dir, "--diagnostics", X07_PLUGIN_SCAN_MS=HANG_MS)
                self.assertEqual(row["state"], "used", row)
                self.assertIn(reason, row["diagnostics"][0]["error"])

    def test_pins(self):
        path = self.bad("pinned")
        digest = run("sha256sum", path).stdout.split()[0]
        pins = self.dir / "pins.json"
        for name in (str(path), "com.example.bad"):
            for value, state in ((digest, "used"), ("0" * 64, "refused")):
                pins.write_text(json.dumps({"pins": {name: value}}))
                row = Sdk.row(path, "--plugin-dir", self.dir, X07_PLUGIN_PINS=str(pins))
                self.assertEqual(row["state"], state, row)
                self.assertEqual(row["sha256"], digest)
        pins.write_text("{")
        done = Sdk.run("plugins", "list", X07_PLUGIN_PINS=str(pins), check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_full_disk(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([Sdk.x07, "plugins", "list"], env=Sdk.env, stdout=full, stderr=subprocess.PIPE,
                                  text=True, timeout=240)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot write to stdout", done.stderr)

    def test_missing_directory(self):
        done = Sdk.run("plugins", "list", "--plugin-dir", self.dir / "nowhere", check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("nowhere", done.stderr)


class Checking(Case):
    def breaches(self, path):
        done = Sdk.run("plugins", "check", "--json", path, check=False, X07_PLUGIN_SCAN_MS=HANG_MS)
        report = json.loads(done.stdout)
        validate("check", report)
        self.assertEqual(done.returncode, 0 if report["ok"] else 1)
        return {line["name"]: line["breach"] for line in report["obligations"] if not line["ok"]}

    def test_names_what_is_broken(self):
        for flag, names in (("-DBAD_NULL_CHECKS", {"init-null-host", "init-small-host", "null-requests", "small-requests"}),
                            ("-DBAD_PROBE_HANG", {"probe", "null-requests", "small-requests", "leftovers"}),
                            ("-DBAD_DIAGNOSTIC_CRASH", {"diagnostics"}),
                            ("-DBAD_CONSTRUCTOR_FORK", {"leftovers"}),
                            ("-DBAD_ABI", {"load"})):
            with self.subTest(flag=flag):
                self.assertEqual(set(self.breaches(self.bad("bad", flag))), names)

    def test_text(self):
        done = Sdk.run("plugins", "check", self.bad("bad", "-DBAD_NULL_ENTRY"), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^FAIL +load .*no descriptor")
        self.assertRegex(done.stdout, r"(?m)^pass +trust ")

    def test_missing_file(self):
        self.assertEqual(Sdk.run("plugins", "check", self.dir / "none.so", check=False).returncode, 2)


class Cache(Case):
    def test_damaged_and_unwritable(self):
        path = self.bad("cached")
        cache = self.dir / "cache"
        where = {"XDG_CACHE_HOME": str(cache)}
        self.assertEqual(Sdk.row(path, "--plugin-dir", self.dir, **where)["state"], "used")
        file = cache / "x07/plugins.json"
        whole = file.read_text()
        self.assertIn(str(path), whole)
        for damage in ("", "{", "[]", whole[: len(whole) // 2], '{"schema_version":"x07.plugins.cache@0.1.0"}'):
            file.write_text(damage)
            self.assertEqual(Sdk.row(path, "--plugin-dir", self.dir, **where)["state"], "used")
            self.assertIn(str(path), file.read_text())
        file.unlink()
        file.parent.rmdir()
        cache.rmdir()
        cache.write_text("a file where a directory should be")
        self.assertEqual(Sdk.row(path, "--plugin-dir", self.dir, **where)["state"], "used")

    def test_change_is_noticed(self):
        path = self.bad("changing")
        self.assertEqual(Sdk.row(path, "--plugin-dir", self.dir)["version"], "0")
        self.bad("changing", "-DBAD_ABI")
        self.assertEqual(Sdk.row(path, "--plugin-dir", self.dir)["state"], "refused")


def tearDownModule():
    if Sdk.place:
        shutil.rmtree(Sdk.place)


if __name__ == "__main__":
    unittest.main()
