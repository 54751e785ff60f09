package io.espalier.kafka;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Finds out why brokers do not answer. Kafka's client only says that time ran out, whether nothing listens, something
 * else listens, or TLS or a login is asked for.
 */
final class Probe {

    private static final int PATIENCE_MILLIS = 1000;

    /** A request for metadata of all topics, version 0, without a client id: every broker without login answers it. */
    private static final int REQUEST_BYTES = 14;

    private static final short METADATA = 3;

    private static final int TLS_ALERT = 21;

    private enum Answer {
        UNKNOWN_HOST("its name is unknown"),
        NOBODY("nothing listens there"),
        TLS("it speaks TLS; set kafka.security.protocol to SSL or SASL_SSL in the settings file (--kafka-config)"),
        CLOSES("it closes the connection; most likely it asks for a login, so set kafka.security.protocol and"
                + " kafka.sasl.jaas.config in the settings file (--kafka-config)"),
        SILENT("it accepts connections but never answers: it hangs, or is no Kafka broker"),
        OTHER("what answers there is no Kafka broker"),
        ANSWERS("it answers, but too late, or the address it gives to clients (advertised.listeners) leads nowhere");

        private final String words;

        Answer(String words) {
            this.words = words;
        }
    }

    private Probe() {}

    /** What is wrong with the first of the brokers, in one sentence. */
    static String sentence(String bootstrap) {
        List<String> findings = new ArrayList<>();
        for (String broker : bootstrap.split(",")) {
            findings.add("Kafka at " + broker.strip() + " cannot be used: " + ask(broker.strip()).words);
        }
        return findings.stream()
                .filter(finding -> !finding.endsWith(Answer.NOBODY.words))
                .findFirst()
                .orElse(findings.get(0));
    }

    private static Answer ask(String broker) {
        int colon = broker.lastIndexOf(':');
        String host = broker.substring(0, Math.max(0, colon)).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(broker.substring(colon + 1));
        try {
            Answer plain = askPlainly(host, port);
            return plain == Answer.CLOSES && speaksTls(host, port) ? Answer.TLS : plain;
        } catch (UnknownHostException e) {
            return Answer.UNKNOWN_HOST;
        } catch (IOException e) {
            return Answer.NOBODY;
        }
    }

    private static Socket connect(String host, int port) throws IOException {
        Socket socket = new Socket();
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(host);
        }
        try {
            socket.connect(address, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Answer askPlainly(String host, int port) throws IOException {
        try (Socket socket = connect(host, port)) {
            return answer(socket);
        }
    }

    private static Answer answer(Socket socket) {
        try {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(REQUEST_BYTES);
            out.writeShort(METADATA);
            out.writeShort(0);
            out.writeInt(1);
            out.writeShort(-1);
            out.writeInt(0);
            out.flush();
            return switch (socket.getInputStream().read()) {
                case -1 -> Answer.CLOSES;
                // A Kafka answer begins with its length, which is small, a TLS record with its type.
                case 0 -> Answer.ANSWERS;
                case TLS_ALERT -> Answer.TLS;
                default -> Answer.OTHER;
            };
        } catch (SocketTimeoutException e) {
            return Answer.SILENT;
        } catch (IOException e) {
            return Answer.CLOSES;
        }
    }

    /** A handshake that succeeds, or fails over certificates only, shows TLS; any other protocol breaks it off. */
    private static boolean speaksTls(String host, int port) throws IOException {
        try (Socket socket = connect(host, port);
                SSLSocket tls = (SSLSocket)
                        ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(socket, host, port, true)) {
            tls.startHandshake();
            return true;
        } catch (SSLHandshakeException e) {
            return !String.valueOf(e.getMessage()).contains("terminated");
        } catch (SSLException | SocketTimeoutException e) {
            return false;
        }
    }
}
