#ifndef PEERLAB_CONFIGURE_H
#define PEERLAB_CONFIGURE_H

#include <linux/if.h>
#include <stdint.h>

// What both kinds of devices need: requests about a device by its name, on any socket. All give 0, and minus an errno where it
// could not be done.

int peerlab_configure(int control, const char *name, unsigned long request, struct ifreq *asked);
int peerlab_bring_up(int control, const char *name);
/// Addresses are in the order of the network.
int peerlab_give_address(int control, const char *name, uint32_t address, uint32_t netmask);

#endif
