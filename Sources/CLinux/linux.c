#define _GNU_SOURCE
#include "CLinux.h"
#include "configure.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int peerlab_unshare_network(void) { return unshare(CLONE_NEWNET) == 0 ? 0 : -errno; }

int peerlab_current_network(void) {
    int descriptor = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int peerlab_enter_network(int descriptor) { return setns(descriptor, CLONE_NEWNET) == 0 ? 0 : -errno; }

static int write_text(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    ssize_t length = (ssize_t)strlen(text);
    int result = write(file, text, (size_t)length) == length ? 0 : -errno;
    close(file);
    return result;
}

int peerlab_enter_user_namespace(void) {
    unsigned user = geteuid(), group = getegid();
    if (unshare(CLONE_NEWUSER) != 0) return -errno;
    char text[64];
    snprintf(text, sizeof text, "%u %u 1", user, user);
    int result = write_text("/proc/self/uid_map", text);
    // Without it a group may not be mapped by who is not root (user_namespaces(7)).
    if (result == 0) result = write_text("/proc/self/setgroups", "deny");
    snprintf(text, sizeof text, "%u %u 1", group, group);
    if (result == 0) result = write_text("/proc/self/gid_map", text);
    return result;
}

int peerlab_configure(int control, const char *name, unsigned long request, struct ifreq *asked) {
    strncpy(asked->ifr_name, name, IFNAMSIZ - 1);
    return ioctl(control, request, asked) == 0 ? 0 : -errno;
}

int peerlab_bring_up(int control, const char *name) {
    struct ifreq asked = {0};
    int result = peerlab_configure(control, name, SIOCGIFFLAGS, &asked);
    if (result < 0) return result;
    asked.ifr_flags |= IFF_UP;
    return peerlab_configure(control, name, SIOCSIFFLAGS, &asked);
}

static int set_address(int control, const char *name, unsigned long request, uint32_t address) {
    struct ifreq asked = {0};
    struct sockaddr_in *place = (struct sockaddr_in *)&asked.ifr_addr;
    place->sin_family = AF_INET;
    place->sin_addr.s_addr = address;
    return peerlab_configure(control, name, request, &asked);
}

int peerlab_give_address(int control, const char *name, uint32_t address, uint32_t netmask) {
    int result = set_address(control, name, SIOCSIFADDR, address);
    return result < 0 ? result : set_address(control, name, SIOCSIFNETMASK, netmask);
}

int peerlab_open_tun(const char *name, uint32_t address, uint32_t netmask, int mtu, int queue) {
    int device = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (device < 0) return -errno;
    struct ifreq asked = {0};
    asked.ifr_flags = IFF_TUN | IFF_NO_PI;
    strncpy(asked.ifr_name, name, IFNAMSIZ - 1);
    int result = ioctl(device, TUNSETIFF, &asked) == 0 ? 0 : -errno;
    int control = result < 0 ? -1 : socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (result == 0 && control < 0) result = -errno;
    if (result == 0) result = peerlab_give_address(control, name, address, netmask);
    if (result == 0) {
        memset(&asked, 0, sizeof asked);
        asked.ifr_mtu = mtu;
        result = peerlab_configure(control, name, SIOCSIFMTU, &asked);
    }
    if (result == 0) {
        memset(&asked, 0, sizeof asked);
        asked.ifr_qlen = queue;
        result = peerlab_configure(control, name, SIOCSIFTXQLEN, &asked);
    }
    if (result == 0) result = peerlab_bring_up(control, name);
    if (result == 0) result = peerlab_bring_up(control, "lo");
    if (control >= 0) close(control);
    if (result == 0) return device;
    close(device);
    return result;
}

void peerlab_wait_for_input(int descriptor, int64_t nanoseconds) {
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    ppoll(&entry, 1, &limit, NULL);
}

int64_t peerlab_tun_drops(const char *name) {
    char path[128];
    snprintf(path, sizeof path, "/proc/thread-self/net/dev");
    FILE *file = fopen(path, "re");
    if (!file) return -errno;
    char line[512];
    int64_t drops = 0;
    size_t length = strlen(name);
    while (fgets(line, sizeof line, file)) {
        char *start = line;
        while (*start == ' ') start++;
        if (strncmp(start, name, length) != 0 || start[length] != ':') continue;
        long long numbers[12] = {0};
        sscanf(start + length + 1, "%lld %lld %lld %lld %lld %lld %lld %lld %lld %lld %lld %lld", &numbers[0], &numbers[1],
               &numbers[2], &numbers[3], &numbers[4], &numbers[5], &numbers[6], &numbers[7], &numbers[8], &numbers[9],
               &numbers[10], &numbers[11]);
        drops = numbers[11];
    }
    fclose(file);
    return drops;
}

#define FIELD(name) {#name, offsetof(struct tcp_info, name), sizeof(((struct tcp_info *)0)->name)}
static const struct {
    const char *name;
    size_t offset, size;
} fields[] = {
    FIELD(tcpi_state), FIELD(tcpi_ca_state), FIELD(tcpi_retransmits), FIELD(tcpi_probes), FIELD(tcpi_backoff),
    FIELD(tcpi_options), FIELD(tcpi_rto), FIELD(tcpi_ato), FIELD(tcpi_snd_mss), FIELD(tcpi_rcv_mss), FIELD(tcpi_unacked),
    FIELD(tcpi_sacked), FIELD(tcpi_lost), FIELD(tcpi_retrans), FIELD(tcpi_pmtu), FIELD(tcpi_rcv_ssthresh), FIELD(tcpi_rtt),
    FIELD(tcpi_rttvar), FIELD(tcpi_snd_ssthresh), FIELD(tcpi_snd_cwnd), FIELD(tcpi_advmss), FIELD(tcpi_reordering),
    FIELD(tcpi_rcv_rtt), FIELD(tcpi_rcv_space), FIELD(tcpi_total_retrans), FIELD(tcpi_notsent_bytes), FIELD(tcpi_min_rtt),
    FIELD(tcpi_delivered), FIELD(tcpi_bytes_acked), FIELD(tcpi_bytes_received), FIELD(tcpi_segs_out),
    FIELD(tcpi_segs_in), FIELD(tcpi_bytes_retrans), FIELD(tcpi_dsack_dups), FIELD(tcpi_reord_seen),
    FIELD(tcpi_snd_wnd), FIELD(tcpi_last_data_recv),
};
static const int field_count = sizeof fields / sizeof fields[0];

const char *peerlab_tcp_info_name(int index) { return index < field_count ? fields[index].name : NULL; }

int peerlab_tcp_info(int socket, int64_t *values, int count) {
    struct tcp_info info;
    memset(&info, 0, sizeof info);
    socklen_t length = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return -errno;
    for (int index = 0; index < field_count && index < count; index++) {
        uint64_t value = 0;
        memcpy(&value, (const char *)&info + fields[index].offset, fields[index].size);
        values[index] = (int64_t)value;
    }
    return field_count < count ? field_count : count;
}

long peerlab_receive_telling(int socket, void *bytes, unsigned long count, int *waiting) {
    struct iovec vector = {.iov_base = bytes, .iov_len = count};
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr aligned;
    } control;
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    ssize_t result = recvmsg(socket, &message, 0);
    *waiting = -1;
    if (result < 0) return result;
    for (struct cmsghdr *told = CMSG_FIRSTHDR(&message); told; told = CMSG_NXTHDR(&message, told)) {
        if (told->cmsg_level == IPPROTO_TCP && told->cmsg_type == TCP_CM_INQ) {
            memcpy(waiting, CMSG_DATA(told), sizeof *waiting);
        }
    }
    return result;
}
