/* The guest's init as bytes of this plugin. */
    .section .rodata
    .globl vm_guest_init
    .globl vm_guest_init_end
    .hidden vm_guest_init
    .hidden vm_guest_init_end
vm_guest_init:
    .incbin VM_GUEST_INIT
vm_guest_init_end:
    .byte 0
    .section .note.GNU-stack, "", @progbits
