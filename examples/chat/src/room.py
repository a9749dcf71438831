"""A chat room: one Durable Object, which leaves memory while nobody writes."""

import json
from urllib.parse import parse_qs, urlsplit

from js import Date, Object, WebSocketPair, WebSocketRequestResponsePair
from pyodide.ffi import to_js
from workers import DurableObject, Response

KEPT = 50


class Room(DurableObject):
    """The sockets belong to the room, not to this instance of it.

    Ten seconds after the last message the instance is gone, its attributes with it; the sockets
    stay open. The next message makes a new one. What has to outlast that is in the storage, or
    attached to a socket.
    """

    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.awake_since = Date.now()
        self.ctx.storage.sql.exec(
            "CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, message TEXT)"
        )
        # Answered without waking the room up.
        self.ctx.setWebSocketAutoResponse(WebSocketRequestResponsePair.new("ping", "pong"))

    async def fetch(self, request):
        if (request.headers.get("upgrade") or "").lower() != "websocket":
            state = {"people": sorted(self.people()), "awake_since": self.awake_since}
            return Response.json(state)
        query = parse_qs(urlsplit(request.url).query)
        name = query.get("name", ["anonymous"])[0][:40]
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        server.serializeAttachment(to_js({"name": name}, dict_converter=Object.fromEntries))
        for row in self.ctx.storage.sql.exec("SELECT message FROM messages ORDER BY id"):
            server.send(row["message"])
        self.tell({"kind": "joined", "name": name, "people": sorted(self.people())})
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, socket, message):
        if not isinstance(message, str) or len(message) > 2000:
            socket.close(1008, "only texts of up to 2000 characters")
            return
        said = {"kind": "said", "name": name_of(socket), "text": message, "at": Date.now()}
        self.ctx.storage.sql.exec("INSERT INTO messages (message) VALUES (?)", json.dumps(said))
        self.ctx.storage.sql.exec(
            "DELETE FROM messages WHERE id <= (SELECT max(id) FROM messages) - ?", KEPT
        )
        # It leaves the room when the message is stored.
        self.tell(said)

    async def webSocketClose(self, socket, code, reason, was_clean):
        # A socket is among those of the room until this is over. The client waits for an answer.
        socket.close(1000, "bye")
        self.tell({"kind": "left", "name": name_of(socket)}, but=socket)

    async def webSocketError(self, socket, error):
        print("a socket broke:", error)

    def people(self):
        return {name_of(socket) for socket in self.ctx.getWebSockets()}

    def tell(self, event, but=None):
        """Send an event to everybody in the room."""
        text = json.dumps(event)
        for socket in self.ctx.getWebSockets():
            if socket != but and socket.readyState == 1:
                socket.send(text)


def name_of(socket):
    return socket.deserializeAttachment().name
