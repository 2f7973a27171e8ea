'use strict';
// The official client against a server, scenario by scenario. Prints a line for each: "ok NAME" or "FAILED NAME: WHY".
// Arguments: `generic URL` for the server that echoes, `parley URL` for Parley with TOKEN, API_KEY and REVOKED in the
// environment.
const { io } = require('socket.io-client');
const assert = require('node:assert/strict');
const readline = require('node:readline');

const [suite, url] = process.argv.slice(2);
const PATIENCE = 10_000;
const scenarios = [];
const scenario = (name, run) => scenarios.push({ name, run });

const open = new Set();
function connect(path = '/', options = {}) {
  const socket = io(url + path, { forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200, ...options });
  open.add(socket);
  return socket;
}

function within(promise, what, ms = PATIENCE) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function next(socket, event) {
  return within(new Promise((done) => socket.once(event, (...args) => done(args))), event);
}

async function until(what, condition) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`did not come to be: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

async function connected(path, options) {
  const socket = connect(path, options);
  const failed = new Promise((_, fail) => socket.once('connect_error', fail));
  await Promise.race([next(socket, 'connect'), failed]);
  return socket;
}

const ways = {
  'websocket only': { transports: ['websocket'] },
  'polling only': { transports: ['polling'], upgrade: false },
  'polling, then upgrade': { transports: ['polling', 'websocket'] },
};

function generic() {
  for (const [way, options] of Object.entries(ways)) {
    const each = (name, run) => scenario(`${way}: ${name}`, () => run(options));

    each('connects by the wanted transport', async (o) => {
      const socket = await connected('/', o);
      const wanted = o.transports.at(-1);
      await until(`transport ${wanted}`, () => socket.io.engine.transport.name === wanted);
      assert.equal(socket.recovered, false);
    });

    each('events with every kind of argument', async (o) => {
      const socket = await connected('/', o);
      const args = [1, -2.5, 'ë ☺ 𝄞', [true, null], { a: { b: [] } }];
      socket.emit('message', ...args);
      assert.deepEqual(await next(socket, 'message-back'), args);
    });

    each('a large message', async (o) => {
      const socket = await connected('/', o);
      const large = 'x'.repeat(500_000);
      socket.emit('message', large);
      assert.deepEqual(await next(socket, 'message-back'), [large]);
    });

    each('many messages in their order, across an upgrade', async (o) => {
      const socket = await connected('/', o);
      const got = [];
      socket.on('message-back', (n) => got.push(n));
      for (let n = 0; n < 200; n++) {
        socket.emit('message', n);
        if (n % 20 === 0) await new Promise((done) => setTimeout(done, 5));
      }
      await until('all are back', () => got.length === 200);
      assert.deepEqual(got, [...Array(200).keys()]);
    });

    each('acknowledgements both ways', async (o) => {
      const socket = await connected('/', o);
      socket.on('question', (what, answer) => answer(`${what}!`));
      assert.equal(await socket.timeout(PATIENCE).emitWithAck('message-with-ack', 'x'), 'x');
      assert.equal(await socket.timeout(PATIENCE).emitWithAck('ask-me', 5000, 'why'), 'why!');
    });

    each('an acknowledgement that does not come', async (o) => {
      const socket = await connected('/', o);
      socket.on('question', () => {});
      assert.equal(await socket.timeout(PATIENCE).emitWithAck('ask-me', 50, 'why'), 'no answer');
      await assert.rejects(socket.timeout(50).emitWithAck('nobody-listens'));
    });

    each('binary both ways, and in acknowledgements', async (o) => {
      const socket = await connected('/', o);
      const one = Buffer.from([0, 1, 2, 255]);
      const two = Buffer.alloc(70_000, 7);
      socket.emit('message', one, { deep: [two] }, 'text');
      const [first, second, third] = await next(socket, 'message-back');
      assert.ok(one.equals(first) && two.equals(second.deep[0]));
      assert.equal(third, 'text');
      assert.ok(one.equals(await socket.timeout(PATIENCE).emitWithAck('message-with-ack', one)));
      socket.on('question', (what, answer) => answer(what));
      assert.ok(two.equals(await socket.timeout(PATIENCE).emitWithAck('ask-me', 5000, two)));
    });

    each('namespaces over one connection', async (o) => {
      const main = await connected('/', o);
      const custom = main.io.socket('/custom', { auth: { token: 'abc' } });
      open.add(custom);
      assert.deepEqual(await next(custom, 'auth'), [{ token: 'abc' }]);
      assert.equal(await custom.timeout(PATIENCE).emitWithAck('message-with-ack', 1), 1);
      const refused = main.io.socket('/random');
      open.add(refused);
      const [error] = await next(refused, 'connect_error');
      assert.equal(error.message, 'Invalid namespace');
      assert.equal(await main.timeout(PATIENCE).emitWithAck('message-with-ack', 2), 2);
    });

    each('a refusal with data', async (o) => {
      const socket = connect('/', { ...o, auth: { token: 'wrong' } });
      const [error] = await next(socket, 'connect_error');
      assert.equal(error.message, 'Not authorized');
      assert.deepEqual(error.data, { code: 'E42', retry: false });
      assert.equal(socket.active, false);
      socket.auth = { token: 'right' };
      socket.connect();
      assert.deepEqual(await next(socket, 'auth'), [{ token: 'right' }]);
    });

    each('rooms', async (o) => {
      const room = `room of ${way}`;
      const [a, b, c] = await Promise.all([connected('/', o), connected('/', o), connected('/', o)]);
      for (const socket of [a, b]) await socket.timeout(PATIENCE).emitWithAck('join', room);
      const heard = [];
      for (const socket of [a, b, c]) socket.on('said', (what) => heard.push([socket, what]));
      assert.equal(await a.timeout(PATIENCE).emitWithAck('say', room, { x: 1 }), 1);
      await until('b has heard', () => heard.length === 1);
      assert.equal(heard[0][0], b);
      await b.timeout(PATIENCE).emitWithAck('leave', room);
      assert.equal(await a.timeout(PATIENCE).emitWithAck('say', room, 2), 0);
      assert.equal(heard.length, 1);
    });

    each('thrown out by the server', async (o) => {
      const socket = await connected('/', o);
      socket.emit('throw-me-out', true);
      assert.equal((await next(socket, 'disconnect'))[0], 'io server disconnect');
      assert.equal(socket.active, false);
    });

    each('goes on where it was after a cut', async (o) => {
      const room = `recovery of ${way}`;
      const speaker = await connected('/', o);
      const socket = await connected('/', o);
      const got = [];
      socket.on('published', (n) => got.push(n));
      await socket.timeout(PATIENCE).emitWithAck('join', room);
      speaker.emit('publish', room, 1);
      await until('the first is there', () => got.length === 1);
      const { id } = socket;
      socket.emit('cut-me');
      await next(socket, 'disconnect');
      speaker.emit('publish', room, 2);
      speaker.emit('publish', 'another room', 99);
      speaker.emit('publish', room, 3);
      await until('it is back', () => socket.connected);
      assert.equal(socket.recovered, true);
      assert.notEqual(socket.id, id);
      speaker.emit('publish', room, 4);
      await until('all are there', () => got.length >= 4);
      assert.deepEqual(got, [1, 2, 3, 4]);
    });
  }
}

function parley() {
  const { TOKEN, API_KEY, REVOKED } = process.env;
  const auth = { token: TOKEN };
  const rest = async (method, path, body, key = API_KEY) => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  };
  const contact = async (n) => (await rest('POST', '/api/v1/contacts', { name: `Contact ${n}` })).id;
  const follower = async (options) => {
    const socket = connect('/', { auth: { apiKey: API_KEY, topics: ['events'] }, ...options });
    socket.got = [];
    socket.on('contact.created', (event, offset) => socket.got.push({ event, offset }));
    const [hello, cursor] = await next(socket, 'hello');
    assert.equal(hello.subscribed.ok, true);
    assert.equal(hello.subscribed.cursor, cursor);
    return socket;
  };
  const ids = (socket) => socket.got.map(({ event }) => event.data.contactId);

  for (const [way, options] of Object.entries(ways)) {
    const each = (name, run) => scenario(`${way}: ${name}`, () => run(options));

    each('a good token', async (o) => {
      const socket = connect('/', { ...o, auth });
      const [hello] = await next(socket, 'hello');
      assert.match(hello.userId, /^[0-9a-f-]{36}$/);
      assert.deepEqual(await socket.timeout(PATIENCE).emitWithAck('ping', {}), { ok: true });
    });

    each('no token, a wrong one, and a stranger\'s namespace', async (o) => {
      for (const wrong of [{}, { token: 'abc' }, { apiKey: 'abc' }]) {
        const socket = connect('/', { ...o, auth: wrong });
        const [error] = await next(socket, 'connect_error');
        assert.equal(error.message, 'unauthenticated');
        assert.equal(error.data.code, 'unauthenticated');
      }
      const socket = connect('/admin', { ...o, auth });
      assert.equal((await next(socket, 'connect_error'))[0].message, 'Invalid namespace');
    });

    each('commands and their answers', async (o) => {
      const socket = connect('/', { ...o, auth: { apiKey: API_KEY } });
      await next(socket, 'hello');
      const unknown = await socket.timeout(PATIENCE).emitWithAck('no.such.command', {});
      assert.equal(unknown.error.code, 'invalid');
      const followed = await socket.timeout(PATIENCE).emitWithAck('subscribe', { topics: ['events'] });
      assert.equal(followed.ok, true);
      assert.ok(followed.cursor.length > 0);
      const created = next(socket, 'contact.created');
      const id = await contact('of commands');
      const [event, offset] = await created;
      assert.equal(event.data.contactId, id);
      assert.equal(event.cursor, offset);
    });

    each('events from the start, and those that were missed', async (o) => {
      const socket = await follower(o);
      const made = [await contact(1)];
      await until('the first is there', () => socket.got.length === 1);
      socket.io.engine.close();
      await until('it is cut', () => !socket.connected);
      made.push(await contact(2), await contact(3));
      await until('it is back', () => socket.connected);
      assert.equal(socket.recovered, true);
      made.push(await contact(4));
      await until('all are there', () => socket.got.length >= 4);
      assert.deepEqual(ids(socket), made);
    });

    each('a cursor of nowhere begins anew', async (o) => {
      const socket = await follower(o);
      await contact(1);
      await until('the first is there', () => socket.got.length === 1);
      socket._lastOffset = 'nonsense';
      socket.io.engine.close();
      const [hello] = await next(socket, 'hello');
      assert.equal(socket.recovered, false);
      assert.equal(hello.subscribed.ok, true);
    });
  }

  scenario('a revoked key is cut off and told so', async () => {
    const { id, secret } = JSON.parse(REVOKED);
    const socket = connect('/', { auth: { apiKey: secret, topics: ['events'] } });
    await next(socket, 'hello');
    const closing = next(socket, 'closing');
    const gone = next(socket, 'disconnect');
    await rest('DELETE', `/api/v1/api-keys/${id}`);
    assert.equal((await closing)[0].code, 'revoked');
    assert.equal((await gone)[0], 'io server disconnect');
    assert.equal(socket.active, false);
  });

  scenario('pages of other origins may poll, the tenant decides whether they come in', async () => {
    const headers = { Origin: 'https://elsewhere.example' };
    const query = `${url}/socket.io/?EIO=4&transport=polling`;
    const asked = await fetch(query, {
      method: 'OPTIONS',
      headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
    });
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get('Access-Control-Allow-Origin'), headers.Origin);
    const answer = await fetch(query, { headers });
    assert.equal(answer.headers.get('Access-Control-Allow-Origin'), headers.Origin);
    assert.equal(answer.headers.get('Access-Control-Allow-Credentials'), 'true');
    const socket = connect('/', { auth, transports: ['websocket'], extraHeaders: headers });
    assert.equal((await next(socket, 'connect_error'))[0].message, 'origin');
  });

  scenario('a restart of the server is survived', async () => {
    const sockets = [];
    for (const options of Object.values(ways)) sockets.push(await follower(options));
    const made = [await contact(1)];
    await until('the first is there', () => sockets.every((s) => s.got.length === 1));
    const input = readline.createInterface({ input: process.stdin });
    const lines = input[Symbol.asyncIterator]();
    console.log('restart please');
    await lines.next();
    input.close();
    made.push(await contact(2));
    await until('all are back', () => sockets.every((s) => s.connected));
    assert.deepEqual(sockets.map((s) => s.recovered), [true, true, true]);
    await until('all have all', () => sockets.every((s) => s.got.length >= 2));
    for (const socket of sockets) assert.deepEqual(ids(socket), made);
  });
}

({ generic, parley })[suite]();

(async () => {
  let failed = 0;
  for (const { name, run } of scenarios) {
    try {
      await within(run(), name, 6 * PATIENCE);
      console.log(`ok ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAILED ${name}: ${String(error && error.stack).split('\n').slice(0, 4).join(' | ')}`);
    }
    for (const socket of open) socket.disconnect();
    open.clear();
  }
  process.exit(failed === 0 ? 0 : 1);
})();
