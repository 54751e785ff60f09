package io.espalier.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Accepts every connection and never says a word, as a hung broker does. */
final class SilentServer implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> accepted = new ArrayList<>();

    SilentServer() throws IOException {
        Thread thread = new Thread(this::accept, "silent-server");
        thread.setDaemon(true);
        thread.start();
    }

    String bootstrap() {
        return "localhost:" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                synchronized (accepted) {
                    accepted.add(socket);
                    accepted.notifyAll();
                }
            }
        } catch (IOException e) {
            // Closed: that is how it ends.
            return;
        }
    }

    /** Waits until somebody has connected. */
    void awaitVisitor() throws InterruptedException {
        synchronized (accepted) {
            while (accepted.isEmpty()) {
                accepted.wait();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (accepted) {
            for (Socket socket : accepted) {
                socket.close();
            }
        }
    }
}
