import { describeKafkaFaults } from '../test/kafka/describe-kafka-faults.ts';

describeKafkaFaults('kafkajs');
describeKafkaFaults('platformatic');
