import { once } from "node:events";
import { connect, type Socket } from "node:net";

// A process that opens many WebSockets, a hundred at a time, and says when all are open. It answers nothing that it is sent.
const [url = "", count = "0"] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);
const request = `GET ${pathname} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;

const opened = async (): Promise<Socket> => {
  const socket = connect(Number(port), hostname);
  socket.write(request);
  await once(socket, "data");
  return socket;
};

const sockets: Socket[] = [];
while (sockets.length < Number(count)) {
  sockets.push(...(await Promise.all(Array.from({ length: 100 }, opened))));
}
process.stdout.write(`${sockets.length} are open\n`);
