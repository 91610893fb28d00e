#ifndef PEERLAB_CLINUX_H
#define PEERLAB_CLINUX_H

#include <stdint.h>

// Linux's namespaces, TUN devices and TCP_INFO, whose headers cannot be read by Swift. All give 0 or what is asked for, and
// minus an errno where it could not be done.

/// Gives the calling thread a network namespace of its own.
int peerlab_unshare_network(void);

/// Opens a TUN device in the thread's namespace, with an IPv4 address, a prefix, and room for packets that wait; and brings
/// it and the loopback up. Addresses are in the order of the network.
int peerlab_open_tun(const char *name, uint32_t address, uint32_t netmask, int mtu, int queue);

/// Makes a pair of Ethernet devices in the thread's namespace, as ``peerlab_open_tun`` makes its device, and opens the other
/// end: whole IP packets, those that the host sends, are read from it. `room` is how many bytes of them may wait; `index` is
/// the number of the end that ``peerlab_send_veth`` needs.
int peerlab_open_veth(const char *name, uint32_t address, uint32_t netmask, int mtu, int room, int *index);
/// Lets an IP packet arrive at the host.
long peerlab_send_veth(int packets, int index, const void *bytes, unsigned long count);
/// Packets that did not find room since this was last asked.
int64_t peerlab_veth_drops(int packets);

/// Opens the network namespace of the calling thread, so that it can be entered again.
int peerlab_current_network(void);
/// Moves the calling thread into a network namespace that was opened.
int peerlab_enter_network(int descriptor);
/// Gives the process a user namespace of its own, in which it may make the others, with its user's and group's numbers kept.
/// Only while it has one thread.
int peerlab_enter_user_namespace(void);

/// Waits until a descriptor has something to read, or for so many nanoseconds.
void peerlab_wait_for_input(int descriptor, int64_t nanoseconds);

/// Packets that the device has dropped for want of room.
int64_t peerlab_tun_drops(const char *name);

/// Numbers of `struct tcp_info`, in the order of the names below.
int peerlab_tcp_info(int socket, int64_t *values, int count);
/// The name of a number: `tcpi_snd_cwnd`; null beyond the last.
const char *peerlab_tcp_info_name(int index);

/// Reads as `recvmsg` does, and says how many bytes wait behind (`TCP_CM_INQ`), -1 where the kernel does not tell; -1 with
/// `errno` where it fails.
long peerlab_receive_telling(int socket, void *bytes, unsigned long count, int *waiting);

/// What stands before the command of a program that is to run inside a host.
#define PEERLAB_INSIDE "--inside-host"

/// Becomes a program inside a host, where the arguments say so (PEERLAB_INSIDE and a command): does not come back then, and gives
/// 0 otherwise. Before any thread is started. The names of the lab stand in the environment (PEERLAB_HOSTS), the control is
/// descriptor 3: 'S' stops the program and all that it has started, 'C' lets them go on, 'T' asks them to end, 'K', or the end of
/// the control, ends them.
int peerlab_inside_host(int count, char **arguments);

/// Starts a program so, in the network of the calling thread.
///
/// Gives its process, and minus an errno where it could not be started.
int peerlab_start_inside(const char *program, char *const *arguments, char *const *environment, int input, int output,
                         int errors, int *control);

#endif
