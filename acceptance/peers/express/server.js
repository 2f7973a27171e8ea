'use strict';
// A webhook intake as it is commonly written for Node: verify, parse, insert, answer. One row per message, one
// statement per row, its own transaction each; 200 only after the commit.
const crypto = require('node:crypto');
const express = require('express');
const { Pool } = require('pg');

const port = Number(process.env.PORT);
const secrets = process.env.APP_SECRETS.split(',');
const tenant = process.env.TENANT;
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL || 20) });

const insert = {
  name: 'insert',
  text: `INSERT INTO bench_items (tenant_id, queue, lane, id, key, dedup_key, kind, payload, correlation_id,
           traceparent, enqueued_at)
         VALUES ($1, 'inbound-messages', $2, $3, $4, $5, 'message', $6, $7, NULL, now()) ON CONFLICT DO NOTHING`,
};

function signed(header, body) {
  if (!header || !header.startsWith('sha256=')) return false;
  const given = Buffer.from(header.slice(7), 'hex');

  return secrets.some((secret) => {
    const wanted = crypto.createHmac('sha256', secret).update(body).digest();
    return given.length === wanted.length && crypto.timingSafeEqual(given, wanted);
  });
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/webhooks/whatsapp/:channel', express.raw({ type: () => true, limit: '3mb' }), async (req, res) => {
  if (!signed(req.get('x-hub-signature-256'), req.body)) {
    res.status(401).end();
    return;
  }
  const channel = req.params.channel;
  const root = JSON.parse(req.body.toString('utf8'));
  const rows = [];
  for (const entry of root.entry) {
    for (const { value } of entry.changes) {
      for (const message of value.messages || []) {
        const payload = JSON.stringify({
          channelId: channel,
          phoneNumberId: value.metadata.phone_number_id,
          contact: value.contacts && value.contacts[0],
          message,
        });
        rows.push([
          tenant,
          Number(message.from.slice(-4)) % 16,
          crypto.randomUUID(),
          `${channel}:${message.from}`,
          `${channel}:m:${message.id}`,
          payload,
          crypto.randomUUID(),
        ]);
      }
    }
  }
  await Promise.all(rows.map((values) => pool.query({ ...insert, values })));
  res.status(200).end();
});
app.use((error, req, res, next) => {
  console.error(error.message);
  res.status(503).end();
});
app.listen(port, '127.0.0.1', () => console.log('ready'));
