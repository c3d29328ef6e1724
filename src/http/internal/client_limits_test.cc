#include "http/internal/client_limits.h"

#include <gtest/gtest.h>

#include <set>

namespace nguon::http {
namespace {

using boost::asio::ip::make_address;
constexpr std::int64_t kSecond = 1'000'000'000;

class CountingRandom final : public Random {
public:
    void fill(std::span<unsigned char> bytes) override {
        for (unsigned char& byte : bytes)
            byte = ++m_next;
    }

private:
    unsigned char m_next = 0;
};

ClientLimits limits(ClientLimitOptions options) {
    CountingRandom random;
    return ClientLimits(options, random);
}

// Goal: a burst of two seconds' worth, then the rate; what is refused costs nothing. Method: a
// clock of our own.
TEST(ClientLimits, ARateWithABurst) {
    ClientLimits clients = limits({10, 0, false});
    const ClientKey one = *clients.key_of(make_address("192.0.2.1"));
    const ClientKey other = *clients.key_of(make_address("192.0.2.2"));
    std::int64_t now = 1000 * kSecond;
    for (int i = 0; i < 20; ++i)
        EXPECT_FALSE(clients.wait_for(one, now)) << i;
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(clients.wait_for(one, now), 1);
    EXPECT_FALSE(clients.wait_for(other, now));
    int taken = 0;
    for (int i = 0; i < 1000; ++i) {  // ten seconds, a hundred requests a second
        now += kSecond / 100;
        taken += clients.wait_for(one, now) ? 0 : 1;
    }
    EXPECT_EQ(taken, 100);
    now += 3600 * kSecond;  // a long rest earns no more than the burst
    for (int i = 0; i < 20; ++i)
        EXPECT_FALSE(clients.wait_for(one, now));
    EXPECT_TRUE(clients.wait_for(one, now));
}

TEST(ClientLimits, ConnectionsAreCountedAndGivenBack) {
    ClientLimits clients = limits({0, 2, false});
    const ClientKey one = *clients.key_of(make_address("192.0.2.1"));
    EXPECT_TRUE(clients.connect(one));
    EXPECT_TRUE(clients.connect(one));
    EXPECT_FALSE(clients.connect(one));
    clients.disconnect(one);
    EXPECT_TRUE(clients.connect(one));
    EXPECT_FALSE(clients.wait_for(one, 0));
}

TEST(ClientLimits, WhoIsOneClient) {
    const ClientLimits clients = limits({1, 1, false});
    EXPECT_FALSE(clients.key_of(make_address("127.0.0.1")));
    EXPECT_FALSE(clients.key_of(make_address("::1")));
    EXPECT_FALSE(clients.key_of(make_address("::ffff:127.0.0.1")));
    EXPECT_EQ(clients.key_of(make_address("::ffff:192.0.2.1")),
              clients.key_of(make_address("192.0.2.1")));
    EXPECT_EQ(clients.key_of(make_address("2001:db8::1")),
              clients.key_of(make_address("2001:db8::ffff:2")));
    EXPECT_NE(clients.key_of(make_address("2001:db8::1")),
              clients.key_of(make_address("2001:db8:0:1::1")));
    EXPECT_TRUE(limits({1, 1, true}).key_of(make_address("127.0.0.1")));
    EXPECT_FALSE(limits({0, 0, true}).key_of(make_address("192.0.2.1")));
}

}  // namespace
}  // namespace nguon::http
