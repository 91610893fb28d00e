// Round trips a second, or bytes a second, through ns-3's TCP in the worlds of sim_round_trips_* and bulk_bytes.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iostream>
#include <string>
#include <vector>

#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <ns3/traffic-control-module.h>

using namespace ns3;

constexpr uint16_t PORT = 80;
constexpr uint32_t MESSAGE = 64;
constexpr uint32_t CHUNK = 16'384;
constexpr uint32_t READ = 65'536;

[[noreturn]] void fail(const std::string& message) {
    std::cerr << "error: " << message << "\n";
    std::exit(1);
}

// A server host and client hosts around it, each on a link of 1 ms each way, with our buffers and congestion control.
struct Star {
    Ptr<Node> server = CreateObject<Node>();
    NodeContainer clients;
    // Where each client reaches the server.
    std::vector<Address> endpoints;

    explicit Star(uint32_t count) : clients(count) {
        Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(TcpCubic::GetTypeId()));
        // What the timestamps leave of 1,460.
        Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1'448));
        Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(65'536));
        Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(65'536));
        InternetStackHelper internet;
        internet.SetIpv6StackInstall(false);
        internet.Install(server);
        internet.Install(clients);
        PointToPointHelper link;
        // There is no link without a rate: a full segment takes 0.12 µs.
        link.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
        link.SetChannelAttribute("Delay", StringValue("1ms"));
        Ipv4AddressHelper network("10.0.0.0", "255.255.255.252");
        for (uint32_t number = 0; number < count; number++) {
            NetDeviceContainer devices = link.Install(clients.Get(number), server);
            endpoints.push_back(InetSocketAddress(network.Assign(devices).GetAddress(1), PORT));
            network.NewNetwork();
            // FQ-CoDel would cost time, and our hosts have no queue there.
            TrafficControlHelper().Uninstall(devices);
        }
    }

    void listen(Callback<void, Ptr<Socket>, const Address&> serve) {
        Ptr<Socket> listener = Socket::CreateSocket(server, TcpSocketFactory::GetTypeId());
        listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        listener->Listen();
        listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(), serve);
    }

    void connect(uint32_t client, Callback<void, Ptr<Socket>> connected) {
        Ptr<Socket> stream = Socket::CreateSocket(clients.Get(client), TcpSocketFactory::GetTypeId());
        stream->SetConnectCallback(connected, MakeNullCallback<void, Ptr<Socket>>());
        // Not at once: hosts are not ready before the run.
        Simulator::ScheduleNow(&Socket::Connect, stream, endpoints[client]);
    }
};

// The seconds of wall time that the run takes.
double run() {
    auto begin = std::chrono::steady_clock::now();
    Simulator::Run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void closeStream(Ptr<Socket> stream) { stream->Close(); }

// --- Round trips ---------------------------------------------------------------------------------------------------

void echo(Ptr<Socket> stream) {
    // At the end of the stream there is a packet of no bytes.
    for (auto bytes = stream->Recv(); bytes && bytes->GetSize() > 0; bytes = stream->Recv()) stream->Send(bytes);
}

void serveEcho(Ptr<Socket> stream, const Address&) {
    stream->SetRecvCallback(MakeCallback(&echo));
    stream->SetCloseCallbacks(MakeCallback(&closeStream), MakeCallback(&closeStream));
}

// Makes round trips, one after the other.
struct Client {
    uint32_t left;
    uint32_t received = 0;

    explicit Client(uint32_t roundTrips) : left(roundTrips) {}

    void begin(Ptr<Socket> stream) {
        stream->SetRecvCallback(MakeCallback(&Client::read, this));
        ask(stream);
    }

    void ask(Ptr<Socket> stream) {
        static const std::vector<uint8_t> message(MESSAGE, 7);
        stream->Send(message.data(), MESSAGE, 0);
    }

    void read(Ptr<Socket> stream) {
        for (auto bytes = stream->Recv(); bytes && bytes->GetSize() > 0; bytes = stream->Recv()) {
            received += bytes->GetSize();
        }
        if (received < MESSAGE) return;
        received = 0;
        left--;
        if (left > 0) {
            ask(stream);
        } else {
            stream->Close();
        }
    }
};

double roundTripsPerSecond(uint32_t count, uint32_t total) {
    if (count == 0 || total % count != 0) fail("TOTAL must be a multiple of CLIENTS");
    Star star(count);
    star.listen(MakeCallback(&serveEcho));
    std::deque<Client> clients;
    for (uint32_t number = 0; number < count; number++) {
        star.connect(number, MakeCallback(&Client::begin, &clients.emplace_back(total / count)));
    }
    double time = run();
    for (const Client& client : clients) {
        if (client.left > 0) fail("round trips are missing");
    }
    return total / time;
}

// --- Bulk ----------------------------------------------------------------------------------------------------------

// FNV-1a by words of eight bytes, so that it does not take most of the time.
struct Checksum {
    uint64_t value = 0xCBF2'9CE4'8422'2325;

    void take(uint64_t word) { value = (value ^ word) * 0x0000'0100'0000'01B3; }
};

// Makes bytes as long as there is room for them: the multiples of a constant.
struct Sender {
    uint64_t left;
    uint64_t word = 0;
    Checksum checksum;
    std::vector<uint64_t> chunk = std::vector<uint64_t>(CHUNK / 8);

    explicit Sender(uint64_t bytes) : left(bytes) {}

    void begin(Ptr<Socket> stream) {
        stream->SetSendCallback(MakeCallback(&Sender::write, this));
        write(stream, stream->GetTxAvailable());
    }

    void write(Ptr<Socket> stream, uint32_t) {
        while (left > 0) {
            uint64_t words = std::min<uint64_t>({CHUNK, stream->GetTxAvailable(), left}) / 8;
            if (words == 0) return;
            for (uint64_t place = 0; place < words; place++) {
                word += 0x9E37'79B9'7F4A'7C15;
                chunk[place] = word;
                checksum.take(word);
            }
            stream->Send(reinterpret_cast<const uint8_t*>(chunk.data()), words * 8, 0);
            left -= words * 8;
            if (left == 0) stream->Close();
        }
    }
};

struct Receiver {
    uint64_t taken = 0;
    Checksum checksum;
    std::vector<uint8_t> buffer = std::vector<uint8_t>(READ);
    // Bytes of a word whose rest has not come.
    uint32_t held = 0;

    void serve(Ptr<Socket> stream, const Address&) {
        stream->SetRecvCallback(MakeCallback(&Receiver::read, this));
        stream->SetCloseCallbacks(MakeCallback(&closeStream), MakeCallback(&closeStream));
    }

    void read(Ptr<Socket> stream) {
        int count;
        while ((count = stream->Recv(buffer.data() + held, READ - held, 0)) > 0) {
            taken += count;
            held += count;
            uint32_t place = 0;
            for (; place + 8 <= held; place += 8) {
                uint64_t word;
                std::memcpy(&word, buffer.data() + place, 8);
                checksum.take(word);
            }
            held -= place;
            std::memmove(buffer.data(), buffer.data() + place, held);
        }
    }
};

double bytesPerSecond(uint64_t total) {
    if (total % 8 != 0) fail("BYTES must be a multiple of 8");
    Star star(1);
    Receiver receiver;
    star.listen(MakeCallback(&Receiver::serve, &receiver));
    Sender sender(total);
    star.connect(0, MakeCallback(&Sender::begin, &sender));
    double time = run();
    if (receiver.taken != total) fail(std::to_string(receiver.taken) + " bytes came");
    if (receiver.checksum.value != sender.checksum.value) fail("the bytes that came are not those that were sent");
    return total / time;
}

int main(int count, char** words) {
    std::string mode = count > 1 ? words[1] : "";
    std::cout << std::fixed;
    if (mode == "round-trips" && count == 4) {
        std::cout << roundTripsPerSecond(std::stoul(words[2]), std::stoul(words[3])) << "\n";
    } else if (mode == "bulk" && count == 3) {
        std::cout << bytesPerSecond(std::stoull(words[2])) << "\n";
    } else {
        std::cerr << "usage: ns3_tcp round-trips CLIENTS TOTAL\n       ns3_tcp bulk BYTES\n";
        return 2;
    }
}
