#!/usr/bin/python3
"""A Laumas TLB as somebody else's Modbus server would play it (Debian's python3-pymodbus): 1.235 kg at rest.

pymodbus_scale.py tcp PORT | rtu TERMINAL
"""
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer, StartTcpServer
from pymodbus.transaction import ModbusRtuFramer

STABLE = 1 << 11
# From wire address 0: command at 5, status, gross, net, peak, then divisions of 0.005 kg.
REGISTERS = [0] * 5 + [0, STABLE, 0, 1235, 0, 1235, 0, 1300, 13, 0, 0]

unit = ModbusSlaveContext(hr=ModbusSequentialDataBlock(0, REGISTERS), zero_mode=True)
context = ModbusServerContext(slaves={1: unit}, single=False)

if sys.argv[1] == "tcp":
    StartTcpServer(context=context, address=("127.0.0.1", int(sys.argv[2])))
else:
    StartSerialServer(context=context, port=sys.argv[2], framer=ModbusRtuFramer, baudrate=9600, bytesize=8,
                      parity="N", stopbits=1)
