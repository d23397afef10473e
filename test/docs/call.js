// `hindra` of a page of the manuals: hands its arguments to resident.js, and says what that says.
import { Buffer } from 'node:buffer'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

// What it ends with where nothing is said any more.
process.exitCode = 1
const socket = connect({ path: process.env['HINDRA_RESIDENT'], allowHalfOpen: true })
socket.write(`${JSON.stringify({ args: process.argv.slice(2), env: process.env })}\n`)
process.stdin.pipe(socket)
createInterface({ input: socket }).on('line', (line) => {
  const { out, err, code } = JSON.parse(line)
  if (out !== undefined) process.stdout.write(Buffer.from(out, 'base64'))
  if (err !== undefined) process.stderr.write(Buffer.from(err, 'base64'))
  if (code === undefined) return
  process.exitCode = code
  process.stdin.destroy()
  socket.destroy()
})
