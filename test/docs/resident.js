// The command as users get it, kept in one process for a page of the manuals: a start of Node takes longer than most
// of what it then does. Started with `resident.js SOCKET`, in the page's directory; `call.js` hands commands over.
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { PassThrough, Writable } from 'node:stream'
import { run } from '../../dist/src/cli/main.js'

const server = createServer({ allowHalfOpen: true }, (socket) => {
  const stdin = new PassThrough()
  let isTold = false
  const told = createInterface({ input: socket })
  told.on('line', (line) => {
    if (isTold) return stdin.write(`${line}\n`)
    isTold = true
    const { args, env } = JSON.parse(line)
    const stream = (name) =>
      new Writable({
        write: (chunk, _encoding, done) => say({ [name]: chunk.toString('base64') }, done),
      })
    void run(args, { env, stdin, stdout: stream('out'), stderr: stream('err') }).then((code) => {
      say({ code }, () => socket.end())
    })
  })
  told.on('close', () => stdin.end())
  socket.on('error', () => undefined)
  const say = (what, done) => socket.write(`${JSON.stringify(what)}\n`, done)
})
server.listen(process.argv[2], () => process.stdout.write('ready\n'))
