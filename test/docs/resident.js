// The command as users get it, kept in one process for pages of the manuals, one after the other: a start of Node takes
// longer than most of what it then does. Started as `resident.js SOCKET`; `call.js` hands commands over.
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
        // Whoever is gone reads no more; what is said to them is no reason to end.
        write: (chunk, _encoding, done) => say({ [name]: chunk.toString('base64') }, () => done()),
      })
    const terminal = { env, stdin, stdout: stream('out'), stderr: stream('err') }
    const [first, ...roles] = args
    const refuse = (error) => {
      terminal.stderr.write(`${String(error.stack)}\n`)
      return 1
    }
    void answer(first, roles, terminal)
      .catch(refuse)
      .then(async (code) => {
        // What was printed last may still stand in a queue.
        await Promise.all([terminal.stdout, terminal.stderr].map(ended))
        say({ code }, () => socket.end())
      })
  })
  told.on('close', () => stdin.end())
  socket.on('error', () => undefined)
  const say = (what, done) => socket.write(`${JSON.stringify(what)}\n`, done)
})
function ended(stream) {
  return new Promise((done) => stream.end(done))
}

/** The server of the page. */
let serving = Promise.resolve(0)

async function answer(first, rest, terminal) {
  switch (first) {
    case '@begin':
      process.chdir(rest[0])
      return 0
    case '@end':
      // A server that never came up waits for none, and without one a signal ends this process.
      if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM')
      await serving
      // A process that serves once takes its second signal for impatience.
      process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT')
      return 0
    case '@person':
      return makePerson(rest, terminal)
    case 'serve':
      serving = run([first, ...rest], terminal)
      return serving
    default:
      return run([first, ...rest], terminal)
  }
}

/** Somebody with roles, and a key that is all that is printed: two commands for what each page begins with. */
async function makePerson(roles, terminal) {
  const flags = roles.flatMap((role) => ['--role', role])
  const name = roles.join('-')
  const { id } = await asked(['people', 'add', name, '--pseudonym', name, ...flags], terminal)
  const { secret } = await asked(['keys', 'create', id, '--label', 'test'], terminal)
  terminal.stdout.write(secret)
  return 0
}

async function asked(args, { env, stdin }) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const code = await run([...args, '--json'], { env, stdin, stdout, stderr })
  if (code !== 0) throw new Error(`${args.join(' ')}: ${String(stderr.read())}`)
  return JSON.parse(String(stdout.read()))
}

server.listen(process.argv[2], () => process.stdout.write('ready\n'))
