/** A box of an ISO base media file (ISO/IEC 14496-12): 4 bytes of length, 4 of type, a body. */
function box(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

const PARENTS = ['moov', 'trak', 'mdia', 'minf', 'dinf']

/** Maps the boxes of `bytes`, going into those of the path to the data references. */
function mapBoxes(bytes: Buffer, replace: (type: string, body: Buffer) => Buffer): Buffer {
  const boxes: Buffer[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    const body = bytes.subarray(at + 8, at + length)
    boxes.push(box(type, PARENTS.includes(type) ? mapBoxes(body, replace) : replace(type, body)))
    at += length
  }
  return Buffer.concat(boxes)
}

/** A QuickTime alias record that names `path`, laid out as ffmpeg's `mov_read_dref` reads it. */
function aliasRecord(path: string): Buffer {
  const name = Buffer.from(path)
  const absolutePath = Buffer.alloc(4)
  absolutePath.writeInt16BE(2, 0)
  absolutePath.writeUInt16BE(name.length, 2)
  const padding = Buffer.alloc(name.length % 2)
  const end = Buffer.from('ffff0000', 'hex')
  return Buffer.concat([Buffer.alloc(150), absolutePath, name, padding, end])
}

/** The film with its samples overwritten by zeros and declared to lie in the file `path`. */
export function withExternalReference(film: Uint8Array, path: string): Buffer {
  return mapBoxes(Buffer.from(film), (type, body) => {
    if (type === 'mdat') return Buffer.alloc(body.length)
    if (type !== 'dref') return body
    const versionFlagsAndCount = Buffer.from('0000000000000001', 'hex')
    const entry = Buffer.concat([Buffer.alloc(4), aliasRecord(path)])
    return Buffer.concat([versionFlagsAndCount, box('alis', entry)])
  })
}
