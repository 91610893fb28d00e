// SocketNetwork
