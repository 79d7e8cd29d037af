"""The words on drawn sheets: designators, values, names of nets and parts, notes; made up by engineers' habits."""

from __future__ import annotations

import copy

import numpy as np

from wire_detection.drawing.streams import Draws

DESIGNATORS = {
    "resistor": "R",
    "capacitor": "C",
    "capacitor_polarised": "C",
    "inductor": "L",
    "diode": "D",
    "led": "D",
    "transistor": "Q",
    "mosfet": "Q",
    "opamp": "U",
    "gate": "U",
    "ic": "U",
    "connector": "J",
    "crystal": "Y",
    "switch": "SW",
    "fuse": "F",
    "ferrite": "FB",
    "source": "V",
    "battery": "BT",
    "tube": "V",
    "transformer": "T",
    "relay": "K",
    "potentiometer": "RV",
    "test_point": "TP",
}
_DIODES = ("1N4148", "1N4007", "BAT54", "SS14", "BAS316", "MBR0520", "1N5819")
_LEDS = ("RED", "GREEN", "LED", "YEL", "BLUE", "PWR")
_TRANSISTORS = ("2N3904", "2N3906", "BC547", "BC817", "MMBT3904", "2N2222", "BC327", "TIP31")
_MOSFETS = ("BSS138", "2N7002", "AO3400", "IRF540", "SI2301", "DMG2305", "IRLML6402")
_OPAMPS = ("LM358", "TL072", "NE5532", "LM324", "OPA2134", "MCP6002", "LMV321", "AD8605")
_GATES = ("74HC00", "74HC04", "74LS08", "74HC14", "CD4011", "74LVC1G125", "74HC86", "SN7432")
_CHIPS = (
    "ATMEGA328P STM32F103 PIC16F877 LM7805 AMS1117-3.3 TPS54331 MAX232 FT232RL ESP8266 W25Q64 24LC256 74HC595 "
    "ADS1115 LM2596 MCP2515 TLV70033 USB2514 SN65HVD230 DS1307 ICE40UP5K MAX3485 CD4060 NE555 PCF8574 TJA1050 "
    "BQ24074 MPU6050 LAN8720 CY7C68013"
).split()
_CONNECTORS = ("USB_C HDR_2x5 Conn_01x04 DB9 JTAG SWD PWR_IN UART I2C MOTOR SENSOR RJ45 BARREL").split()
_PINS = (
    "VCC GND VIN VOUT EN ~RESET SDA SCL MOSI MISO SCK ~CS TX RX INT CLK XTAL1 XTAL2 AREF FB SW BOOT D+ D- OE ~WR "
    "~RD ALE NC REF IN+ IN- OUT COMP PGOOD VDD VSS AVDD VBAT WAKE TDI TDO TMS TCK DIR STEP BUSY ~IRQ SWDIO VREF"
).split()
_NETS = (
    "RESET SDA SCL MOSI MISO SCK TXD RXD USB_DP USB_DM CLK INT EN PWR_EN LED CS ADC_IN VSENSE BOOT0 SWDIO SWCLK "
    "CAN_H CAN_L PWM FAULT ENABLE DIR STEP IRQ VOUT VFB IN OUT AUDIO_L AUDIO_R MIC RF_IN LO IF GAIN nRST nCS DATA "
    "ADDR RTS CTS"
).split()
SUPPLIES = ("+5V +3V3 VCC +12V VDD +3.3V VBUS +1V8 VBAT +9V AVCC VIN V+ +2V5 B+ +24V").split()
NEGATIVE = ("-5V", "VEE", "-12V", "VSS", "-15V", "V-")
GROUNDS = ("GND", "GND", "GND", "AGND", "DGND", "GNDA", "PGND", "0", "VSS", "")
TITLES = (
    "Power supply, Microcontroller, Audio amplifier, Sensor interface, USB, Motor driver, RF front end, Battery "
    "charger, Clock and reset, Connectors, Level shifter, Debug, Ethernet, Display, Memory, Input stage, Output "
    "stage, Filter, Oscillator, Regulators, Main, Relay board, ADC, Decoupling, Test fixture"
).split(", ")
_NOTE_WORDS = (
    "close to, pin, populate, only, if, not, used, for, the, regulator, place, near, IC, maximum, current, is, "
    "limited, by, R, set, gain, to, see, datasheet, optional, filter, cutoff, at, kHz, 5V, tolerant, do, fit, "
    "route, as, pair, impedance, keep, short, test, point, ground, plane"
).split(", ")
_NAMES = ("A. Novak", "J. Smith", "M. Rossi", "K. Tanaka", "L. Weber", "P. Dubois", "S. Patel", "E. Larsen")
_FIRMS = (
    "Northline Instruments, Example Labs, Open Bench, Riverside Electronics, Dept. of Electrical Engineering, "
    "Circuit Works, Measurement Group, Hobby Lab"
).split(", ")
PACKAGES = (
    "R_0603_1608Metric C_0402_1005Metric SOT-23 SOIC-8_3.9x4.9mm QFN-32-1EP_5x5mm LED_0805 PinHeader_1x04_P2.54mm "
    "D_SOD-123 SOT-223-3 Crystal_SMD_3225 L_1210 TO-220-3_Vertical"
).split()


_LIBRARY_KINDS = {
    "Res": "resistor",
    "RBox": "resistor",
    "Photores": "resistor",
    "Therm": "resistor",
    "Rsh": "resistor",
    "Pot": "potentiometer",
    "Cap": "capacitor",
    "Ind": "inductor",
    "Di": "diode",
    "Schottky": "diode",
    "Zener": "diode",
    "LED": "led",
    "Var": "diode",
    "Fuse": "fuse",
    "Bjt": "transistor",
    "Npn": "transistor",
    "Pnp": "transistor",
    "Igbt": "transistor",
    "N": "mosfet",
    "P": "mosfet",
    "JFet": "mosfet",
    "Source": "source",
    "Bat": "battery",
    "Sw": "switch",
    "But": "switch",
    "Crystal": "crystal",
    "Op": "opamp",
    "Tri": "tube",
    "Te": "tube",
    "Tran": "transformer",
    "Rel": "relay",
    "And": "gate",
    "Or": "gate",
    "Sch": "gate",
    "D": "connector",
    "Head": "connector",
    "Ic": "ic",
}


def own_kind(kind: str) -> str:
    """The kind whose names and values suit a component; symbols of the schemdraw library go by their class's name."""
    starts = [start for start in _LIBRARY_KINDS if kind.startswith(start)]
    return _LIBRARY_KINDS[max(starts, key=len)] if starts and kind[0].isupper() else kind


class Words(Draws):
    """Draws words by chance; designators count upwards as they do on a sheet.

    On half of all sheets a part of the names of nets and pins is negated: "~NAME", drawn with a bar above it.
    """

    def __init__(self, rng: np.random.Generator):
        self.rng = rng
        self._next: dict[str, int] = {}
        self._first = int(rng.choice([1, 1, 1, 10, 100]))
        self._barred = float(rng.uniform(0.05, 0.4)) if rng.random() < 0.5 else 0.0

    def apart(self) -> Words:
        """The words of one block of this sheet: they count on, but draw from a stream of their own."""
        words = copy.copy(self)
        words.rng = self.rng.spawn(1)[0]
        return words

    def designator(self, kind: str) -> str:
        letter = DESIGNATORS.get(own_kind(kind), "X")
        self._next[letter] = self._next.get(letter, self._first - 1) + int(self.rng.integers(1, 3))
        return f"{letter}{self._next[letter]}"

    def value(self, kind: str) -> str:
        """What stands beside a component of this kind."""
        kind = own_kind(kind)
        makers = {
            "resistor": self._ohms,
            "potentiometer": self._ohms,
            "capacitor": self._farads,
            "capacitor_polarised": self._micro,
            "inductor": self._henries,
            "source": self._source,
            "crystal": self._hertz,
        }
        lists = {
            "diode": _DIODES,
            "led": _LEDS,
            "transistor": _TRANSISTORS,
            "mosfet": _MOSFETS,
            "opamp": _OPAMPS,
            "gate": _GATES,
            "ic": _CHIPS,
            "connector": _CONNECTORS,
            "fuse": ("500mA", "1A", "2A", "PTC"),
            "ferrite": ("600R", "BLM18", "120R@100MHz"),
            "switch": ("RESET", "SW_Push", "BOOT", "ON/OFF", "SPST"),
            "battery": ("9V", "CR2032", "3.7V"),
            "tube": ("ECC83", "12AX7", "EL84", "6SN7"),
            "transformer": ("1:1", "TRAFO", "10:1"),
            "relay": ("G5V-2", "5V RELAY"),
            "test_point": ("TestPoint", "TP", ""),
        }
        return makers[kind]() if kind in makers else self.pick(lists.get(kind, _CHIPS))

    def _mantissa(self) -> str:
        return self.pick(
            (
                "1",
                "10",
                "100",
                "4.7",
                "47",
                "470",
                "2.2",
                "22",
                "220",
                "3.3",
                "33",
                "330",
                "6.8",
                "68",
                "1.5",
                "15",
                "150",
                "27",
                "5.1",
                "56",
                "8.2",
                "12",
            )
        )

    def _ohms(self) -> str:
        return self._mantissa() + self.pick(("k", "K", "", "R", "k", "k 1%", "M", "Ω", "kΩ"))

    def _farads(self) -> str:
        return self.pick(
            (
                "100nF",
                "0.1uF",
                "100n",
                "10nF",
                "1uF",
                "22pF",
                "10uF",
                "4.7uF",
                "1n",
                self._mantissa() + "p",
                self._mantissa() + "n",
            )
        )

    def _micro(self) -> str:
        return self._mantissa() + self.pick(("uF", "u", "µF", "uF/25V", "uF 16V"))

    def _henries(self) -> str:
        return self._mantissa() + self.pick(("uH", "u", "nH", "mH", "µH"))

    def _hertz(self) -> str:
        return self.pick(("8MHz", "16MHz", "12MHz", "25MHz", "32.768kHz", "20M"))

    def _source(self) -> str:
        return self.pick(("SIN(0 1 1k)", "DC 5", "5", "PULSE(0 5 0 1n 1n 1u 2u)", "AC 1", "12V", "pwl 0 0 1m 5"))

    def pin_name(self) -> str:
        if self.rng.random() < 0.4:
            return self._negated(
                self.pick(("PA", "PB", "D", "A", "GPIO", "IO", "P0.", "DQ", "AD", "Q", "IN", "OUT"))
                + str(self.rng.integers(0, 32))
            )
        name = self.pick(_PINS)
        return name + "/" + self.pick(_PINS).lstrip("~") if self.rng.random() < 0.15 else self._negated(name)

    def net(self) -> str:
        name = self.pick(_NETS)
        chance = self.rng.random()
        if chance < 0.35:
            name += str(self.rng.integers(0, 16))
        elif chance < 0.5:
            name = self.pick(("MCU_", "USB_", "SPI1_", "I2C_", "/", "DSP_", "ETH_")) + name
        return self._negated(name)

    def _negated(self, name: str) -> str:
        return "~" + name.lstrip("~") if self.rng.random() < self._barred else name

    def note(self, words: int) -> str:
        return " ".join(self.pick(_NOTE_WORDS) for _ in range(words))

    def person(self) -> str:
        return self.pick(_NAMES)

    def firm(self) -> str:
        return self.pick(_FIRMS)

    def date(self) -> str:
        r = self.rng
        return f"{r.integers(1968, 2026)}-{r.integers(1, 13):02d}-{r.integers(1, 29):02d}"
