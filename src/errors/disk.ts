import type { ErrorMeaning } from './entry.ts'

/** What the system refuses a process that is well, of disks and files. Nothing stored is damaged by it. */
export const DISK_ERRORS = {
  DISK_FULL: {
    status: 507,
    exit: 6,
    meaning:
      'The disk has no room, or what the store leaves free of it is reached: writes are refused, what was answered as done is kept.',
    remedy:
      'Make room outside the data directory, or enlarge the disk; delete nothing in the data directory, restore nothing. A running server goes on by itself; then repeat what was refused.',
  },
  DISK_READ_ONLY: {
    status: 503,
    exit: 6,
    meaning: 'The disk is mounted read-only, which systems do after a fault of the disk.',
    remedy:
      'See why (dmesg; findmnt -T with the path), have the disk checked, mount it writable. A running server goes on by itself; what was answered as done is kept.',
  },
  DISK_DENIED: {
    status: 503,
    exit: 6,
    meaning: 'The user that this process runs as may not read or write the file.',
    remedy:
      'See whose it is (ls -ld with the path) and who runs Hindra, and give it back to that user (chown); run Hindra as no other user, root least of all.',
  },
  TOO_MANY_FILES: {
    status: 503,
    exit: 6,
    meaning: 'The process, or the machine, has as many files open as it may.',
    remedy:
      'Raise the limit (LimitNOFILE=65536 in the unit; ulimit -n 65536 in a shell) and start again.',
  },
} as const satisfies Record<string, ErrorMeaning>

export type DiskCode = keyof typeof DISK_ERRORS

/** errno(3) */
const BY_ERRNO: ReadonlyMap<string, DiskCode> = new Map(
  Object.entries({
    ENOSPC: 'DISK_FULL',
    EDQUOT: 'DISK_FULL',
    EROFS: 'DISK_READ_ONLY',
    EACCES: 'DISK_DENIED',
    EPERM: 'DISK_DENIED',
    EMFILE: 'TOO_MANY_FILES',
    ENFILE: 'TOO_MANY_FILES',
  } as const),
)

/** LevelDB hands on no number, only what strerror(3) says of it at the end: glibc's words, then musl's. */
const BY_WORDS: ReadonlyMap<string, DiskCode> = new Map(
  Object.entries({
    'No space left on device': 'DISK_FULL',
    'Disk quota exceeded': 'DISK_FULL',
    'Quota exceeded': 'DISK_FULL',
    'Read-only file system': 'DISK_READ_ONLY',
    'Permission denied': 'DISK_DENIED',
    'Operation not permitted': 'DISK_DENIED',
    'Too many open files': 'TOO_MANY_FILES',
    'Too many open files in system': 'TOO_MANY_FILES',
    'No file descriptors available': 'TOO_MANY_FILES',
  } as const),
)

/** Sockets and programs are refused with the same numbers, and are no matter of a disk. */
const NO_FILES = /^(spawn|connect|listen|bind|kill|getaddrinfo)/

/** Which of these an error is: of ours, of Node's file system or of LevelDB; undefined for all others. */
export function diskCodeOf(error: unknown): DiskCode | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, syscall = '', path } = error as NodeJS.ErrnoException
  if (isDiskCode(code)) return code
  if (code === 'LEVEL_IO_ERROR') {
    return BY_WORDS.get(error.message.slice(error.message.lastIndexOf(': ') + 2))
  }
  const found = BY_ERRNO.get(code ?? '')
  const isOfFile = typeof path === 'string' && !NO_FILES.test(syscall)
  return found === 'DISK_DENIED' && !isOfFile ? undefined : found
}

function isDiskCode(code: string | undefined): code is DiskCode {
  return code !== undefined && Object.hasOwn(DISK_ERRORS, code)
}
