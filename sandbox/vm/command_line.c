/* command_line.c: how QEMU is called. A resumed guest must find the machine that it froze in, so both lines
 * are made here and differ in nothing that the guest could see. */
#include "vm.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* No option ROMs, no legacy timers and clocks, no PCI: what is not there needs no time and cannot be
 * attacked. */
#define MACHINE "microvm,x-option-roms=off,pit=off,pic=off,rtc=off,isa-serial=on,memory-backend=ram"
#define SECCOMP "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"

/* Copies of strings byte by byte are slow where each instruction is emulated: the guest shall use whole
 * words. */
static const char *const cpus[] = {[ACCEL_KVM] = "host,-arch-capabilities", [ACCEL_TCG] = "max,-erms,-fsrm"};

void
words_add(struct words *words, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (words->count + 1 >= sizeof words->items / sizeof *words->items ||
        vasprintf(&words->items[words->count++], format, args) < 0)
        abort();
    va_end(args);
}

static void
add_pair(struct words *words, const char *option, const char *value)
{
    words_add(words, "%s", option);
    words_add(words, "%s", value);
}

static void
add_machine(const struct machine_plan *plan, struct words *words)
{
    const struct settings *settings = plan->settings;
    const struct template *template = plan->template;

    add_pair(words, "-M", MACHINE);
    add_pair(words, "-accel", settings_accel_name(settings));
    add_pair(words, "-cpu", cpus[settings->accel]);
    add_pair(words, "-smp", "1");
    words_add(words, "-m");
    words_add(words, "%lluM", (unsigned long long)template->memory_mib);
    /* While it boots, its memory is the file; a resumed one has a private view of it. Commas are doubled. */
    words_add(words, "-object");
    struct buffer path = {0};
    for (const char *at = template->memory; *at; at++)
        buffer_add(&path, *at == ',' ? ",," : at, *at == ',' ? 2 : 1);
    words_add(words, "memory-backend-file,id=ram,size=%lluM,mem-path=%s,share=%s",
              (unsigned long long)template->memory_mib, path.data, plan->resume ? "off" : "on");
    buffer_free(&path);
    if (plan->resume)
        return; /* the kernel is in that memory */
    add_pair(words, "-kernel", settings->kernel);
    add_pair(words, "-initrd", template->initramfs);
    add_pair(words, "-append", image_command_line(settings));
}

static void
add_devices(struct words *words)
{
    words_add(words, "-chardev");
    words_add(words, "socket,id=qmp,fd=%d", MACHINE_FD_QMP);
    add_pair(words, "-mon", "chardev=qmp,mode=control");
    words_add(words, "-chardev");
    words_add(words, "socket,id=channel,fd=%d", MACHINE_FD_CHANNEL);
    add_pair(words, "-device", "virtio-serial-device,max_ports=2");
    add_pair(words, "-device", "virtserialport,chardev=channel,nr=1,name=" VM_CHANNEL_NAME);
    words_add(words, "-add-fd");
    words_add(words, "fd=%d,set=1", MACHINE_FD_PAYLOAD);
    add_pair(words, "-blockdev", "driver=file,node-name=file,filename=/dev/fdset/1,read-only=on");
    add_pair(words, "-blockdev", "driver=raw,node-name=payload,file=file,read-only=on");
    add_pair(words, "-device", "virtio-blk-device,drive=payload");
    words_add(words, "-add-fd");
    words_add(words, "fd=%d,set=2", MACHINE_FD_CONSOLE);
    add_pair(words, "-chardev", "file,id=console,path=/dev/fdset/2,append=on");
    add_pair(words, "-serial", "chardev:console");
}

void
command_line_make(const struct machine_plan *plan, struct words *words)
{
    static const char *const fixed[] = {"-nodefaults", "-no-user-config", "-no-reboot", "-display",
                                        "none",        "-sandbox",        SECCOMP};

    *words = (struct words){0};
    words_add(words, "%s", plan->settings->qemu);
    words_add(words, "-name");
    words_add(words, "x07-%s", plan->name);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        words_add(words, "%s", fixed[i]);
    add_machine(plan, words);
    add_devices(words);
    if (plan->resume)
        add_pair(words, "-incoming", "defer");
}

void
command_line_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    *words = (struct words){0};
}
