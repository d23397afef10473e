import { arch } from 'node:process'

/**
 * System calls that decoding never makes, by their numbers (asm/unistd_64.h of x86-64, asm-generic/unistd.h of
 * arm64): to reach a network or a socket, to look into other processes, and to change what a process is confined by.
 */
const REFUSED: readonly (readonly [name: string, x64: number, arm64: number])[] = [
  ['socket', 41, 198],
  ['ptrace', 101, 117],
  ['process_vm_readv', 310, 270],
  ['process_vm_writev', 311, 271],
  ['kcmp', 312, 272],
  ['pidfd_open', 434, 434],
  ['pidfd_getfd', 438, 438],
  ['process_madvise', 440, 440],
  ['add_key', 248, 217],
  ['request_key', 249, 218],
  ['keyctl', 250, 219],
  ['bpf', 321, 280],
  ['perf_event_open', 298, 241],
  ['io_uring_setup', 425, 425],
  ['userfaultfd', 323, 282],
  ['unshare', 272, 97],
  ['setns', 308, 268],
  ['mount', 165, 40],
  ['umount2', 166, 39],
  ['pivot_root', 155, 41],
  ['chroot', 161, 51],
  ['open_tree', 428, 428],
  ['move_mount', 429, 429],
  ['fsopen', 430, 430],
  ['fspick', 433, 433],
  ['mount_setattr', 442, 442],
  ['open_by_handle_at', 304, 265],
  ['init_module', 175, 105],
  ['finit_module', 313, 273],
  ['kexec_load', 246, 104],
]

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of linux/audit.h. */
const AUDIT_ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 }
/** From here on x86-64 counts the calls of its 32-bit variant. */
const X32_CALLS = 0x40000000

/** Instructions of classic BPF (linux/bpf_common.h) and what a filter answers (linux/seccomp.h). */
const LOAD = 0x20
const JUMP_IF_EQUAL = 0x15
const JUMP_IF_AT_LEAST = 0x35
const RETURN = 0x06
const KILL_PROCESS = 0x80000000
const ALLOW = 0x7fff0000
const REFUSE = 0x00050001
/** Offsets in struct seccomp_data. */
const CALL = 0
const ARCHITECTURE = 4

/** A program for seccomp(2) as `setpriv --seccomp-filter` reads it; undefined on processors that it is not written for. */
export function seccompFilter(): Buffer | undefined {
  if (arch !== 'x64' && arch !== 'arm64') return undefined
  const column = arch === 'x64' ? 1 : 2
  return Buffer.concat([
    instruction(LOAD, ARCHITECTURE),
    instruction(JUMP_IF_EQUAL, AUDIT_ARCH[arch], 1, 0),
    instruction(RETURN, KILL_PROCESS),
    instruction(LOAD, CALL),
    ...(arch === 'x64'
      ? [instruction(JUMP_IF_AT_LEAST, X32_CALLS, 0, 1), instruction(RETURN, KILL_PROCESS)]
      : []),
    ...REFUSED.flatMap((call) => [
      instruction(JUMP_IF_EQUAL, call[column], 0, 1),
      instruction(RETURN, REFUSE),
    ]),
    instruction(RETURN, ALLOW),
  ])
}

/** struct sock_filter; jumps count the instructions that are passed over, where it holds and where not. */
function instruction(code: number, operand: number, holds = 0, not = 0): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt8(holds, 2)
  bytes.writeUInt8(not, 3)
  bytes.writeUInt32LE(operand, 4)
  return bytes
}
