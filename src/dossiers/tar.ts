/** Of a tar archive: headers and contents are padded to whole blocks. */
const BLOCK = 512
const NAME_BYTES_MAX = 100

/** One file of an archive. */
export interface PackedFile {
  /** ASCII, at most 100 bytes. */
  readonly name: string
  readonly text: string
}

/**
 * A tar archive in the interchange format of POSIX (ustar), which tar, 7-Zip and the systems of desks open. The length of
 * each file stands before it, so that nothing in a text can look like the end of it.
 */
export function tarOf(files: readonly PackedFile[], atMs: number): Buffer {
  const blocks = files.flatMap(({ name, text }) => {
    const content = Buffer.from(text)
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)
    return [headerOf(name, content.length, atMs), content, padding]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}

function headerOf(name: string, bytes: number, atMs: number): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES_MAX) throw new Error('the name of a file is too long')
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0)
  header.write(octal(0o600, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(bytes, 12), 124)
  header.write(octal(Math.floor(atMs / 1_000), 12), 136)
  // The sum is made as if its own field were spaces.
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\u{0}00', 257)
  const sum = header.reduce((all, byte) => all + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\u{0} `, 148)
  return header
}

/** A number as headers have it: octal digits up to a final NUL. */
function octal(value: number, bytes: number): string {
  return `${value.toString(8).padStart(bytes - 1, '0')}\u{0}`
}
