/* doctor.c: the command `x07 doctor`: what is there of all that x07 can use, what each part is for, and the
 * command that mends what is missing. It changes nothing. */
#include "cli/doctor.h"

#include "cli/doctor_link.h"
#include "cli/doctor_machine.h"
#include "cli/doctor_parts.h"
#include "cli/options.h"
#include "cli/output.h"
#include "host/host.h"
#include "host/natives.h"

#include <stdlib.h>
#include <string.h>

enum { EXIT_OK = 0, EXIT_MISSING = 1, EXIT_FAILED = 2 };

struct doctor_settings {
    struct option_globals globals;
};

static const struct option options[] = {
    OPTION_GLOBALS(struct doctor_settings, globals),
};

static const struct option_table table = {
    .command = "x07 doctor",
    .summary = "Say what is missing on this machine, what it is for, and how to get it",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* Something that a sandbox needs and the machine has or has not; x07 works without. */
struct machine_check {
    const char *name;
    bool (*has)(struct text *detail);
    const char *purpose;
    const char *mend[DISTROS];
};

#define EVERYWHERE(command)                \
    {                                      \
        command, command, command, command \
    }

static const struct machine_check machine_checks[] = {
    {"kvm", machine_has_kvm, "run-os-sandboxed runs programs in a virtual machine (sandbox backend vm)",
     EVERYWHERE("sudo modprobe kvm_intel || sudo modprobe kvm_amd; sudo usermod -aG kvm \"$USER\"")},
    {"qemu",
     machine_has_qemu,
     "the sandbox backend vm starts its virtual machines with it",
     {"sudo apt-get update && sudo apt-get install -y qemu-system-x86", "sudo dnf install -y qemu-system-x86",
      "sudo pacman -S --needed qemu-system-x86", "Install QEMU's system emulator."}},
    {"kernel_image",
     machine_has_kernel_image,
     "the sandbox backend vm boots it as the guest's kernel",
     {"sudo apt-get update && sudo apt-get install -y linux-image-cloud-amd64",
      "sudo dnf install -y kernel-core", "sudo pacman -S --needed linux",
      "Set X07_VM_KERNEL to a Linux kernel image that you can read."}},
    {"landlock", machine_has_landlock, "the sandbox backend os confines files and ports with it",
     EVERYWHERE("Boot a kernel of version 5.13 or later with landlock in the kernel parameter lsm=.")},
    {"seccomp", machine_has_seccomp, "the sandbox backend os filters system calls with it",
     EVERYWHERE("Boot a kernel that is built with CONFIG_SECCOMP_FILTER.")},
    {"user_namespaces", machine_has_user_namespaces,
     "the sandbox backend os gives an ordinary user's programs namespaces of their own",
     EVERYWHERE("sudo sysctl -w user.max_user_namespaces=15000 kernel.unprivileged_userns_clone=1")},
};

/* The packages that hold the libraries which programs link. */
static const struct library_package {
    const char *library;
    const char *names[DISTROS];
} library_packages[] = {
    {"-lpcre2-8", {"libpcre2-dev", "pcre2-devel", "pcre2", "PCRE2"}},
    {"-lutf8proc", {"libutf8proc-dev", "utf8proc-devel", "libutf8proc", "utf8proc"}},
};

static const char *const install_commands[DISTROS] = {"sudo apt-get update && sudo apt-get install -y %s",
                                                      "sudo dnf install -y %s", "sudo pacman -S --needed %s",
                                                      "Install the development files of %s."};

static const char *const net_commands[DISTROS] = {
    ("sudo apt-get update && sudo apt-get install -y clang gcc make pkg-config libcurl4-openssl-dev "
     "libssl-dev"), /* in parentheses: clang would take it for a missing comma */
    "sudo dnf install -y clang gcc make pkgconf-pkg-config libcurl-devel openssl-devel",
    "sudo pacman -S --needed clang gcc make pkgconf curl openssl",
    "Install libcurl + OpenSSL development headers/libs (and ensure the compiler can find them)."};

const char *
doctor_take(struct doctor *doctor, struct text *text)
{
    const char *copy = arena_copy(doctor->arena, text_string(text), text->len);

    text_free(text);
    return copy;
}

void
doctor_suggest(struct doctor *doctor, const char *suggestion)
{
    if (doctor->suggestion_count < sizeof doctor->suggestions / sizeof doctor->suggestions[0])
        doctor->suggestions[doctor->suggestion_count++] = suggestion;
}

void
doctor_string(x07_json *json, const char *name, const char *value)
{
    x07_json_name(json, name);
    x07_json_string(json, value);
}

void
doctor_check(struct doctor *doctor, const char *name, bool ok, const char *detail)
{
    x07_json *json = &doctor->report;

    x07_json_begin(json, '{');
    doctor_string(json, "name", name);
    x07_json_name(json, "ok");
    x07_json_bool(json, ok);
    doctor_string(json, "detail", detail);
    x07_json_end(json, '}');
}

static bool
check_net(struct doctor *doctor, const char *compiler)
{
    static const char source[] = "#include <curl/curl.h>\n#include <openssl/ssl.h>\n"
                                 "int main(void) { return curl_version() == 0 || "
                                 "OPENSSL_init_ssl(0, 0) == 0; }\n";
    static const char *const libraries[] = {"-lcurl", "-lssl", "-lcrypto", NULL};
    struct text detail = {0};
    bool ok =
        link_try(compiler, source, libraries, "failed to compile/link curl+openssl test program", &detail);

    doctor_check(doctor, "net_deps_curl_openssl", ok, doctor_take(doctor, &detail));
    if (!ok)
        doctor_suggest(doctor, net_commands[doctor->distro]);
    return ok;
}

static const char *
library_package(const struct doctor *doctor, const char *library)
{
    for (size_t i = 0; i < sizeof library_packages / sizeof library_packages[0]; i++)
        if (strcmp(library_packages[i].library, library) == 0)
            return library_packages[i].names[doctor->distro];
    return library + strlen("-l");
}

/* One link for all; one for each only when that fails. */
static void
check_libraries(struct doctor *doctor, const char *compiler)
{
    static const char source[] = "int main(void) { return 0; }\n";
    const char *const *libraries = natives_system_libraries(doctor->arena);
    struct text all = {0};
    bool every = link_try(compiler, source, libraries, "", &all);

    text_free(&all);
    for (size_t i = 0; libraries[i]; i++) {
        const char *const one[] = {libraries[i], NULL};
        struct text detail = {0};
        bool ok = every;

        if (every)
            text_puts(&detail, "ok");
        else
            ok = link_try(compiler, source, one, "failed to link", &detail);
        doctor_check(doctor, arena_printf(doctor->arena, "library_%s", libraries[i] + strlen("-l")), ok,
                     doctor_take(doctor, &detail));
        if (ok)
            continue;
        struct text command = {0};
        text_printf(&command, "library %s: programs that need it do not link without; ", libraries[i] + 2);
        /* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): the formats stand in a table above */
        text_printf(&command, install_commands[doctor->distro], library_package(doctor, libraries[i]));
        doctor_suggest(doctor, doctor_take(doctor, &command));
    }
}

/* Returns whether there is a compiler. */
static bool
check_compiling(struct doctor *doctor)
{
    char *compiler = link_find_compiler();

    if (!compiler) {
        doctor_check(doctor, "c_compiler", false, "none of clang, gcc, cc is on PATH");
        doctor_suggest(doctor, "Install a C toolchain (clang or gcc) and ensure it is on PATH.");
        return false;
    }
    doctor_check(doctor, "c_compiler", true, arena_printf(doctor->arena, "found: %s", compiler));
    if (!check_net(doctor, compiler))
        doctor->ok = false;
    check_libraries(doctor, compiler);
    free(compiler);
    return true;
}

static void
check_toolchain(struct doctor *doctor)
{
    struct host *host = host_new();
    const struct host_toolchain *toolchain;
    struct error *error = host_find_toolchain(host, &toolchain);

    doctor_check(doctor, "runtime_library", !error, error ? error->message : toolchain->runtime);
    if (error) {
        doctor->ok = false;
        doctor_suggest(doctor, "runtime_library: no program can be compiled without it; install x07 again.");
    }
    error_free(error);
    host_free(host);
}

static void
check_machine(struct doctor *doctor)
{
    for (size_t i = 0; i < sizeof machine_checks / sizeof machine_checks[0]; i++) {
        const struct machine_check *check = &machine_checks[i];
        struct text detail = {0};
        bool ok = check->has(&detail);

        doctor_check(doctor, check->name, ok, doctor_take(doctor, &detail));
        if (!ok)
            doctor_suggest(doctor, arena_printf(doctor->arena, "%s: %s; %s", check->name, check->purpose,
                                                check->mend[doctor->distro]));
    }
}

static void
write_report(struct doctor *doctor, struct text *out)
{
    x07_json head = {0};
    x07_json *json = &doctor->report;

    x07_json_begin(json, '[');
    bool has_compiler = check_compiling(doctor);
    check_toolchain(doctor);
    check_machine(doctor);
    doctor_plugins(doctor);
    x07_json_end(json, ']');
    doctor->ok = doctor->ok && has_compiler;
    x07_json checks = *json;
    *json = head;

    x07_json_begin(json, '{');
    x07_json_name(json, "ok");
    x07_json_bool(json, doctor->ok);
    doctor_string(json, "command", "doctor");
    doctor_platform(doctor);
    x07_json_name(json, "checks");
    x07_json_raw(json, checks.data, checks.len);
    x07_json_name(json, "suggestions");
    x07_json_begin(json, '[');
    for (size_t i = 0; i < doctor->suggestion_count; i++)
        x07_json_string(json, doctor->suggestions[i]);
    x07_json_end(json, ']');
    x07_json_end(json, '}');
    x07_json_line(json);
    x07_json_free(&checks);
    json_out_take(json, out);
}

static int
doctor_main(int argc, char **argv)
{
    struct doctor_settings settings = {0};
    struct text report = {0};
    int exit_code;

    if (!options_start(&table, argc, argv, &settings, &exit_code))
        return exit_code;
    struct error *error = output_check(&settings.globals);
    if (error)
        return output_error(error);
    struct doctor doctor = {.arena = arena_new(), .ok = true};
    doctor_find_distro(&doctor);
    write_report(&doctor, &report);
    exit_code = output_report(&settings.globals, &report);
    text_free(&report);
    arena_free(doctor.arena);
    return exit_code ? EXIT_FAILED : doctor.ok ? EXIT_OK : EXIT_MISSING;
}

const struct command doctor_command = {.name = "doctor", .run = doctor_main, .options = &table};
