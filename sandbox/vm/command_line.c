/* command_line.c: how QEMU is called. A resumed guest must find the machine that it froze in, so both lines
 * are made here and differ in nothing that the guest could see. */
#include "vm.h"

/* No option ROMs, no legacy timers and clocks, no PCI: what is not there needs no time and cannot be
 * attacked. */
#define MACHINE "microvm,x-option-roms=off,pit=off,pic=off,rtc=off,isa-serial=on,memory-backend=ram"
#define SECCOMP "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"

/* Copies of strings byte by byte are slow where each instruction is emulated: the guest shall use whole
 * words. */
static const char *const cpus[] = {[ACCEL_KVM] = "host,-arch-capabilities", [ACCEL_TCG] = "max,-erms,-fsrm"};

static void
add_machine(const struct machine_plan *plan, struct words *words)
{
    const struct settings *settings = plan->settings;
    const struct template *template = plan->template;

    words_add_pair(words, "-M", MACHINE);
    words_add_pair(words, "-accel", settings_accel_name(settings));
    words_add_pair(words, "-cpu", cpus[settings->accel]);
    words_add_pair(words, "-smp", "1");
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
    words_add_pair(words, "-kernel", settings->kernel);
    words_add_pair(words, "-initrd", template->initramfs);
    words_add_pair(words, "-append", image_command_line(settings));
}

static void
add_devices(struct words *words)
{
    words_add(words, "-chardev");
    words_add(words, "socket,id=qmp,fd=%d", MACHINE_FD_QMP);
    words_add_pair(words, "-mon", "chardev=qmp,mode=control");
    words_add(words, "-chardev");
    words_add(words, "socket,id=channel,fd=%d", MACHINE_FD_CHANNEL);
    words_add_pair(words, "-device", "virtio-serial-device,max_ports=4");
    words_add_pair(words, "-device", "virtserialport,chardev=channel,nr=1,name=" VM_CHANNEL_NAME);
    words_add(words, "-chardev");
    words_add(words, "socket,id=network,fd=%d", MACHINE_FD_NETWORK);
    words_add_pair(words, "-device", "virtserialport,chardev=network,nr=2,name=" VM_NETWORK_NAME);
    words_add(words, "-chardev");
    words_add(words, "socket,id=files,fd=%d", MACHINE_FD_FILES);
    words_add_pair(words, "-device", "virtserialport,chardev=files,nr=3,name=" VM_FILES_NAME);
    words_add(words, "-add-fd");
    words_add(words, "fd=%d,set=1", MACHINE_FD_PAYLOAD);
    words_add_pair(words, "-blockdev", "driver=file,node-name=file,filename=/dev/fdset/1,read-only=on");
    words_add_pair(words, "-blockdev", "driver=raw,node-name=payload,file=file,read-only=on");
    words_add_pair(words, "-device", "virtio-blk-device,drive=payload");
    words_add(words, "-add-fd");
    words_add(words, "fd=%d,set=2", MACHINE_FD_CONSOLE);
    words_add_pair(words, "-chardev", "file,id=console,path=/dev/fdset/2,append=on");
    words_add_pair(words, "-serial", "chardev:console");
}

void
command_line_make(const struct machine_plan *plan, struct words *words)
{
    static const char *const fixed[] = {"-nodefaults", "-no-user-config", "-no-reboot", "-display",
                                        "none",        "-sandbox",        SECCOMP};

    words_add(words, "%s", plan->settings->qemu);
    words_add(words, "-name");
    words_add(words, "x07-%s", plan->name);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        words_add(words, "%s", fixed[i]);
    add_machine(plan, words);
    add_devices(words);
    if (plan->resume)
        words_add_pair(words, "-incoming", "defer");
}
