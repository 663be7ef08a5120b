import { describeKafkaGroup } from '../test/kafka/describe-kafka-group.ts';

describeKafkaGroup('kafkajs');
