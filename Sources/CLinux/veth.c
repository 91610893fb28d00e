#define _GNU_SOURCE
#include "CLinux.h"
#include "configure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if_arp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// A pair of Ethernet devices in one namespace: the host's own, with its address, and the wire's end, which has none. A packet
// socket on the wire's end reads what the host sends and writes what is to arrive. Neither asks for Ethernet addresses, so both
// are known: without a neighbour to ask the host writes its own address as that of the receiver, and the wire's end, which has
// another one, takes no such packet for itself.

static const unsigned char host_address[ETH_ALEN] = {2, 0, 0, 0, 0, 1};
static const unsigned char wire_address[ETH_ALEN] = {2, 0, 0, 0, 0, 2};

struct request {
    struct nlmsghdr header;
    struct ifinfomsg link;
    char attributes[256];
};

static struct rtattr *add(struct request *request, unsigned short type, const void *bytes, size_t count) {
    struct rtattr *attribute = (struct rtattr *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));
    attribute->rta_type = type;
    attribute->rta_len = (unsigned short)RTA_LENGTH(count);
    if (count > 0) memcpy(RTA_DATA(attribute), bytes, count);
    request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + (unsigned)RTA_ALIGN(attribute->rta_len);
    return attribute;
}

static void end(struct request *request, struct rtattr *attribute) {
    attribute->rta_len = (unsigned short)((char *)request + request->header.nlmsg_len - (char *)attribute);
}

static int make_pair(const char *host, const char *wire, int mtu) {
    struct request request = {
        .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
                   .nlmsg_type = RTM_NEWLINK,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK}};
    uint32_t own = (uint32_t)mtu, largest = ETH_MAX_MTU;
    add(&request, IFLA_IFNAME, host, strlen(host) + 1);
    add(&request, IFLA_ADDRESS, host_address, ETH_ALEN);
    add(&request, IFLA_MTU, &own, sizeof own);
    struct rtattr *info = add(&request, IFLA_LINKINFO, NULL, 0);
    add(&request, IFLA_INFO_KIND, "veth", sizeof "veth");
    struct rtattr *data = add(&request, IFLA_INFO_DATA, NULL, 0);
    struct ifinfomsg none = {0};
    struct rtattr *peer = add(&request, VETH_INFO_PEER, &none, sizeof none);
    add(&request, IFLA_IFNAME, wire, strlen(wire) + 1);
    add(&request, IFLA_ADDRESS, wire_address, ETH_ALEN);
    add(&request, IFLA_MTU, &largest, sizeof largest);
    end(&request, peer);
    end(&request, data);
    end(&request, info);

    int control = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (control < 0) return -errno;
    int result = send(control, &request, request.header.nlmsg_len, 0) < 0 ? -errno : 0;
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
        char rest[1024];
    } answer;
    if (result == 0 && recv(control, &answer, sizeof answer, 0) < 0) result = -errno;
    if (result == 0 && answer.header.nlmsg_type == NLMSG_ERROR) result = answer.error.error;
    close(control);
    return result;
}

// Checksums, and segments no larger than the MTU, are to be the kernel's own: there is no device that would see to them later.
static void switch_off_offloads(int control, const char *name) {
    static const unsigned commands[] = {ETHTOOL_STXCSUM, ETHTOOL_SRXCSUM, ETHTOOL_SSG,
                                        ETHTOOL_STSO,    ETHTOOL_SGSO,    ETHTOOL_SGRO};
    for (size_t index = 0; index < sizeof commands / sizeof commands[0]; index++) {
        struct ethtool_value value = {.cmd = commands[index], .data = 0};
        struct ifreq asked = {.ifr_data = (void *)&value};
        // One that the device does not have is off.
        peerlab_configure(control, name, SIOCETHTOOL, &asked);
    }
}

// A device that gets its carrier from the other end's coming up is made ready by the kernel a while later, and drops until then what
// it is to send. Who asks for its link has that done at once (ethtool_op_get_link).
static void settle_link(int control, const char *name) {
    struct ethtool_value value = {.cmd = ETHTOOL_GLINK, .data = 0};
    struct ifreq asked = {.ifr_data = (void *)&value};
    peerlab_configure(control, name, SIOCETHTOOL, &asked);
}

static int prepare(int control, const char *name) {
    switch_off_offloads(control, name);
    struct ifreq asked = {0};
    int result = peerlab_configure(control, name, SIOCGIFFLAGS, &asked);
    if (result < 0) return result;
    asked.ifr_flags |= IFF_NOARP;
    return peerlab_configure(control, name, SIOCSIFFLAGS, &asked);
}

static int open_packets(int control, const char *name, int room, int *index) {
    struct ifreq asked = {0};
    int result = peerlab_configure(control, name, SIOCGIFINDEX, &asked);
    if (result < 0) return result;
    *index = asked.ifr_ifindex;
    // Without a protocol it hears nothing before it is bound.
    int packets = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (packets < 0) return -errno;
    int one = 1;
    // What is written here goes out and is not to be read again.
    setsockopt(packets, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
    if (setsockopt(packets, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0) {
        setsockopt(packets, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    }
    struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = *index};
    if (bind(packets, (struct sockaddr *)&place, sizeof place) == 0) return packets;
    result = -errno;
    close(packets);
    return result;
}

int peerlab_open_veth(const char *name, uint32_t address, uint32_t netmask, int mtu, int room, int *index) {
    char wire[IFNAMSIZ];
    snprintf(wire, sizeof wire, "%.12s-w", name);
    int result = make_pair(name, wire, mtu);
    if (result < 0) return result;
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (control < 0) return -errno;
    result = prepare(control, name);
    if (result == 0) result = prepare(control, wire);
    // A packet socket on a device that is not up says that it is down, first of all.
    if (result == 0) result = peerlab_bring_up(control, wire);
    int packets = result < 0 ? result : open_packets(control, wire, room, index);
    if (packets >= 0) {
        result = peerlab_give_address(control, name, address, netmask);
        if (result == 0) result = peerlab_bring_up(control, name);
        settle_link(control, wire);
        settle_link(control, name);
        if (result == 0) result = peerlab_bring_up(control, "lo");
        if (result < 0) {
            close(packets);
            packets = result;
        }
    }
    close(control);
    return packets;
}

long peerlab_send_veth(int packets, int index, const void *bytes, unsigned long count) {
    struct sockaddr_ll place = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = index, .sll_halen = ETH_ALEN};
    memcpy(place.sll_addr, host_address, ETH_ALEN);
    long result = sendto(packets, bytes, count, 0, (struct sockaddr *)&place, sizeof place);
    return result < 0 ? -errno : result;
}

int64_t peerlab_veth_drops(int packets) {
    struct tpacket_stats told;
    socklen_t length = sizeof told;
    if (getsockopt(packets, SOL_PACKET, PACKET_STATISTICS, &told, &length) != 0) return -errno;
    return told.tp_drops;
}
