// What the server tells while it works: one socket for the workspace, one for each job that is watched closely.
const MAX_WAIT_MS = 30000;
const scheme = location.protocol === "https:" ? "wss" : "ws";

// Calls onMessage for everything of the workspace; onState(true | false) says whether the line is up.
export function watchWorkspace(onMessage, onState) {
  let wait = 1000;
  const open = () => {
    const socket = new WebSocket(`${scheme}://${location.host}/ws/events`);
    socket.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "hello") {
        wait = 1000;
        onState(true);
      }
      onMessage(message);
    });
    socket.addEventListener("close", (event) => {
      onState(false);
      if (event.code === 4401) return;
      // Spread out, so that a restarted server does not meet everybody at once.
      setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(MAX_WAIT_MS, wait * 2);
    });
  };
  open();
}

const watched = new Map();
const MAX_SOCKETS = 6;

// Calls onMessage with catchup, progress and the end of one job. Beyond MAX_SOCKETS it does nothing and
// returns false: the workspace's events still tell when such a job ends.
export function watchJob(id, onMessage) {
  if (watched.has(id)) return true;
  if (watched.size >= MAX_SOCKETS) return false;
  const socket = new WebSocket(`${scheme}://${location.host}/ws/jobs/${id}`);
  watched.set(id, socket);
  socket.addEventListener("message", (event) => onMessage(JSON.parse(event.data)));
  socket.addEventListener("close", () => watched.delete(id));
  return true;
}
